package io.entrepot.core.group;

import io.entrepot.core.Call;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import java.util.Optional;
import java.util.function.Function;

/** Asks one member about a repository, under each of the names by which it may know it. */
record Asking(Members members, Member member, RepositoryName repository, Call call) {

    /** Empty if it has it under none of the names. */
    <T> Optional<T> of(Function<Repository, T> question) {
        for (RepositoryName name : members.spellings(member, repository)) {
            // What a member notes counts if it answers.
            Call own = call.apart();
            try {
                T answer = question.apply(members.registry(member).repository(name, own));
                note(own);
                return Optional.of(answer);
            } catch (RegistryException.Unknown e) {
                // It may know it by the next.
            }
        }
        return Optional.empty();
    }

    /** A member that is itself made of others says better who it was. */
    private void note(Call own) {
        call.source().answeredBy(own.source().registry().orElse(member.name()));
        own.source().warnings().forEach(call.source()::warn);
    }
}
