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
        List<RepositoryName> same = same(name);
        boolean owned = all.stream().anyMatch(other -> owns(other, same));
        if (owned && !member.keeps() && !owns(member, same)) {
            return Optional.of("the name is owned by another member");
        }
        List<String> routes = new ArrayList<>();
        boolean allowed = true;
        for (Map.Entry<RepositoryPattern, List<String>> route : options.routes().entrySet()) {
            if (same.stream().anyMatch(route.getKey()::matches)) {
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
        return member.keeps() ? same(name) : List.of(name);
    }

    /** All names that mean the same here: whoever makes a rule about one makes it about the other. */
    private List<RepositoryName> same(RepositoryName name) {
        Optional<RepositoryName> other =
                all.stream().anyMatch(Member::officialLibrary) ? other(name) : Optional.empty();
        return other.isEmpty() ? List.of(name) : List.of(name, other.get());
    }

    private static boolean owns(Member member, List<RepositoryName> names) {
        return names.stream().anyMatch(member::owns);
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
