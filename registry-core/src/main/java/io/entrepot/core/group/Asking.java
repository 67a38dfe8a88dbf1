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
            try {
                T answer = question.apply(member.registry().repository(name, call));
                note();
                return answer;
            } catch (RegistryException.Unknown e) {
                unknown = unknown == null ? e : unknown;
            }
        }
        throw unknown == null ? RegistryException.unknownName(repository) : unknown;
    }

    /** A member that is itself made of others, or stands in for one, says better who it was. */
    private void note() {
        if (member.hosted() || call.source().registry().isEmpty()) {
            call.source().answeredBy(member.name());
        }
    }
}
