package io.entrepot.core.access;

import io.entrepot.core.OfficialLibrary;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.function.Predicate;

/**
 * What somebody may do where {@code nginx} and {@code library/nginx} are one: only what he may under both names, since it may
 * be the other one's image that he gets.
 */
public record EverySpelling(Access access) implements Access {

    @Override
    public boolean allows(Action action, RepositoryName name) {
        return each(name, spelling -> access.allows(action, spelling));
    }

    @Override
    public boolean allows(Action action, RepositoryName name, Tag tag) {
        return each(name, spelling -> access.allows(action, spelling, tag));
    }

    @Override
    public boolean allowsWholly(Action action, RepositoryName name) {
        return each(name, spelling -> access.allowsWholly(action, spelling));
    }

    @Override
    public boolean allowsCatalog() {
        return access.allowsCatalog();
    }

    private static boolean each(RepositoryName name, Predicate<RepositoryName> allowed) {
        return OfficialLibrary.spellings(name).stream().allMatch(allowed);
    }
}
