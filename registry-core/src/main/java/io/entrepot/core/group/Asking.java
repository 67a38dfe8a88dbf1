package io.entrepot.core.group;

import io.entrepot.core.Call;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks one member about a repository, under each of the names by which it may know it. */
record Asking(Members members, Member member, RepositoryName repository, Call call) {

    /** @throws RegistryException.Unknown if it has it under none of the names */
    <T> T of(Function<Repository, T> question) {
        RegistryException.@Nullable Unknown unknown = null;
        for (RepositoryName name : members.spellings(member, repository)) {
            // What a member notes counts if it answers.
            Call own = call.apart();
            try {
                T answer = question.apply(member.registry().repository(name, own));
                note(own);
                return answer;
            } catch (RegistryException.Unknown e) {
                unknown = unknown == null ? e : unknown;
            }
        }
        throw unknown == null ? RegistryException.unknownName(repository) : unknown;
    }

    /** A member that is itself made of others says better who it was. */
    private void note(Call own) {
        call.source().answeredBy(own.source().registry().orElse(member.name()));
        own.source().warnings().forEach(call.source()::warn);
    }
}
