package io.entrepot.proxy;

import io.entrepot.core.OfficialLibrary;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import java.util.List;
import java.util.Optional;

/**
 * How repositories are called here and at the upstream, and which of them may be asked for. The cache knows them by their
 * full names here, so that {@code nginx} and {@code library/nginx} are one.
 *
 * @param officialLibrary whether a name of one component stands for one below {@code library/}, as at Docker Hub
 * @param namespace what all names begin with at the upstream, and not here
 * @param allow patterns of names, as the upstream knows them, of which one must fit
 * @param deny patterns of which none may
 */
public record Names(
        boolean officialLibrary,
        Optional<RepositoryName> namespace,
        List<RepositoryPattern> allow,
        List<RepositoryPattern> deny) {
    /** The same here and there, and all allowed. */
    public static final Names PLAIN = new Names(false, Optional.empty(), List.of(RepositoryPattern.ALL), List.of());

    public Names {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /** The full name here. */
    RepositoryName local(RepositoryName asked) {
        return officialLibrary ? OfficialLibrary.whole(asked) : asked;
    }

    /**
     * The name at the upstream.
     *
     * @throws RegistryException.Unknown if it would be too long to be one
     */
    RepositoryName remote(RepositoryName local) {
        if (namespace.isEmpty()) {
            return local;
        }
        String name = namespace.get() + "/" + local;
        if (name.length() > RepositoryName.MAX_LENGTH) {
            throw RegistryException.unknownName(local);
        }
        return new RepositoryName(name);
    }

    boolean allows(RepositoryName remote) {
        return allow.stream().anyMatch(pattern -> pattern.matches(remote))
                && deny.stream().noneMatch(pattern -> pattern.matches(remote));
    }
}
