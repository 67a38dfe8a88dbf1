package io.entrepot.core.group;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.entrepot.core.OfficialLibrary;
import io.entrepot.core.Registry;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The members of a group at one moment, in order, and which of them may be asked for a name. */
final class Members {
    private static final int REMEMBERED = 1_000;

    private final List<Member> all;
    private final Optional<Member> writable;
    private final GroupOptions options;
    private final boolean officialLibrary;
    /** Those of a group among them come and go, and with them what it owns. */
    private final boolean steady;

    /** What the rules make of a name, for those that are asked for often: rules are patterns. */
    private final Cache<RepositoryName, Ruling> rulings;

    private final Function<Member, Registry> seen;

    /**
     * @param same all names that mean the same
     * @param asked who may be asked, in order
     */
    private record Ruling(List<RepositoryName> same, List<Member> asked) {}

    Members(List<Member> all, Optional<Member> writable, GroupOptions options) {
        this.all = List.copyOf(all);
        this.writable = writable;
        this.options = options;
        this.officialLibrary = this.all.stream().anyMatch(Member::officialLibrary);
        this.steady = this.all.stream().noneMatch(member -> member.registry() instanceof GroupRegistry);
        this.rulings = CacheBuilder.newBuilder().maximumSize(REMEMBERED).build();
        this.seen = Member::registry;
    }

    private Members(Members same, Function<Member, Registry> seen) {
        this.all = same.all;
        this.writable = same.writable;
        this.options = same.options;
        this.officialLibrary = same.officialLibrary;
        this.steady = same.steady;
        this.rulings = same.rulings;
        this.seen = seen;
    }

    /** The same, each as somebody may see it. */
    Members seenAs(Function<Member, Registry> view) {
        return new Members(this, view);
    }

    /** A member to be asked, as far as whoever asks may see it. */
    Registry registry(Member member) {
        return seen.apply(member);
    }

    List<Member> all() {
        return all;
    }

    Optional<Member> writable() {
        return writable;
    }

    GroupOptions options() {
        return options;
    }

    /** Those who may be asked, in order; whether they are on line is another matter. */
    List<Member> asked(RepositoryName name) {
        return ruling(name).asked();
    }

    /**
     * How a member may know a repository. Where some member takes {@code centos} for {@code library/centos}, all that was
     * pushed is found under either name, the one that was asked for first.
     */
    List<RepositoryName> spellings(Member member, RepositoryName name) {
        if (!member.keeps()) {
            return List.of(name);
        }
        return steady ? ruling(name).same() : same(name);
    }

    private Ruling ruling(RepositoryName name) {
        Ruling known = steady ? rulings.getIfPresent(name) : null;
        if (known != null) {
            return known;
        }
        List<RepositoryName> same = same(name);
        Ruling made = new Ruling(
                same, all.stream().filter(m -> exclusion(m, same).isEmpty()).toList());
        if (steady) {
            rulings.put(name, made);
        }
        return made;
    }

    /** Why a member may not be asked for a name; empty if it may. */
    Optional<String> exclusion(Member member, RepositoryName name) {
        return exclusion(member, same(name));
    }

    private Optional<String> exclusion(Member member, List<RepositoryName> same) {
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

    private static boolean owns(Member member, List<RepositoryName> names) {
        return names.stream().anyMatch(member::owns);
    }

    /** All names that mean the same here: whoever makes a rule about one makes it about the other. */
    private List<RepositoryName> same(RepositoryName name) {
        return officialLibrary ? OfficialLibrary.spellings(name) : List.of(name);
    }
}
