package io.entrepot.core;

import java.util.List;
import java.util.Optional;

/** What Docker Hub keeps below {@code library/}, where {@code nginx} is short for {@code library/nginx}. */
public final class OfficialLibrary {
    private static final String LIBRARY = "library/";

    private OfficialLibrary() {}

    /** What a name of one component is short for; others are whole. */
    public static RepositoryName whole(RepositoryName name) {
        String value = name.value();
        return value.indexOf('/') < 0 && LIBRARY.length() + value.length() <= RepositoryName.MAX_LENGTH
                ? new RepositoryName(LIBRARY + value)
                : name;
    }

    /** All names that mean the same as this one, itself first. */
    public static List<RepositoryName> spellings(RepositoryName name) {
        RepositoryName whole = whole(name);
        Optional<RepositoryName> other = whole.equals(name) ? shortened(name) : Optional.of(whole);
        return other.isEmpty() ? List.of(name) : List.of(name, other.get());
    }

    private static Optional<RepositoryName> shortened(RepositoryName name) {
        String value = name.value();
        return value.startsWith(LIBRARY) && value.indexOf('/', LIBRARY.length()) < 0
                ? Optional.of(new RepositoryName(value.substring(LIBRARY.length())))
                : Optional.empty();
    }
}
