package io.entrepot.core.group;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The members of a group at one moment, in order, and which of them may be asked for a name. */
record Members(List<Member> all, Optional<Member> writable, GroupOptions options) {
    private static final String LIBRARY = "library/";

    Members {
        all = List.copyOf(all);
    }

    /** Why a member may not be asked for a name; empty if it may. */
    Optional<String> exclusion(Member member, RepositoryName name) {
        RepositoryName full = full(name);
        boolean owned = all.stream().anyMatch(other -> other.owns(full) || other.owns(name));
        if (owned && !member.hosted() && !member.owns(full) && !member.owns(name)) {
            return Optional.of("the name is owned by another member");
        }
        List<String> routes = new ArrayList<>();
        boolean allowed = true;
        for (Map.Entry<RepositoryPattern, List<String>> route : options.routes().entrySet()) {
            if (route.getKey().matches(name) || route.getKey().matches(full)) {
                if (route.getValue().contains(member.name())) {
                    return Optional.empty();
                }
                allowed = false;
                routes.add(route.getKey().glob());
            }
        }
        return allowed ? Optional.empty() : Optional.of("the route " + String.join(", ", routes) + " leads elsewhere");
    }

    /** Those who may be asked, in order; whether they are on line is another matter. */
    List<Member> asked(RepositoryName name) {
        return all.stream().filter(m -> exclusion(m, name).isEmpty()).toList();
    }

    /**
     * How a member may know a repository. Where some member takes {@code centos} for {@code library/centos}, all that was
     * pushed is found under either name, the one that was asked for first.
     */
    List<RepositoryName> spellings(Member member, RepositoryName name) {
        if (!member.hosted() || all.stream().noneMatch(Member::officialLibrary)) {
            return List.of(name);
        }
        Optional<RepositoryName> other = other(name);
        return other.isEmpty() ? List.of(name) : List.of(name, other.get());
    }

    private RepositoryName full(RepositoryName name) {
        boolean brief = name.value().indexOf('/') < 0;
        return brief && all.stream().anyMatch(Member::officialLibrary)
                ? other(name).orElse(name)
                : name;
    }

    private static Optional<RepositoryName> other(RepositoryName name) {
        String value = name.value();
        if (value.indexOf('/') < 0) {
            return value.length() + LIBRARY.length() > RepositoryName.MAX_LENGTH
                    ? Optional.empty()
                    : Optional.of(new RepositoryName(LIBRARY + value));
        }
        boolean official = value.startsWith(LIBRARY) && value.indexOf('/', LIBRARY.length()) < 0;
        return official ? Optional.of(new RepositoryName(value.substring(LIBRARY.length()))) : Optional.empty();
    }
}
