package io.entrepot.auth.account;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.entrepot.core.Principal;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Rights;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The policy that the newest snapshot makes. What it compiles for a principal is kept until anybody's rights change. */
final class LivePolicy implements Policy {
    private static final int MAX_COMPILED = 10_000;
    private static final PrivilegeSet NOTHING = new PrivilegeSet(List.of(), "");
    private static final EffectiveRights NO_RIGHTS =
            new EffectiveRights(NOTHING, NOTHING, Optional.empty(), Optional.empty());

    private record Key(Principal principal, Set<String> groups, Optional<List<Privilege>> restriction) {}

    /** What was compiled of one snapshot. */
    private record Compiled(Snapshot of, PrivilegeSet anonymous, Cache<Key, EffectiveRights> rights) {}

    private final Supplier<Snapshot> newest;
    private final InstantSource clock;
    private final Predicate<RegistryId> anonymousAllowed;
    private volatile Compiled compiled = compiled(Snapshot.empty());

    LivePolicy(Supplier<Snapshot> newest, InstantSource clock, Predicate<RegistryId> anonymousAllowed) {
        this.newest = newest;
        this.clock = clock;
        this.anonymousAllowed = anonymousAllowed;
    }

    @Override
    public Rights rights(Identity identity) {
        Key key = new Key(identity.principal(), identity.groups(), identity.restriction());
        return new LiveRights(new Following(key), anonymousAllowed);
    }

    @Override
    public Rights anonymous() {
        return rights(Identity.of(Principal.ANONYMOUS));
    }

    @Override
    public OptionalLong securityVersion(Principal principal) {
        Snapshot snapshot = newest.get();
        if (principal.realm().equals(User.REALM)) {
            return snapshot.user(principal.name())
                    .filter(u -> u.liveAt(clock.instant()))
                    .map(u -> OptionalLong.of(u.securityVersion()))
                    .orElse(OptionalLong.empty());
        }
        return OptionalLong.of(
                principal.realm().isEmpty()
                        ? 0
                        : snapshot.assignment(new Assignee.One(principal))
                                .map(Assignment::securityVersion)
                                .orElse(0L));
    }

    /** What one identity may do, looked up again only when rights have changed. */
    private final class Following implements Supplier<EffectiveRights> {
        private record Seen(Compiled in, EffectiveRights rights) {}

        private final Key key;
        private volatile Seen seen;

        Following(Key key) {
            this.key = key;
            this.seen = look(current());
        }

        private Seen look(Compiled in) {
            EffectiveRights known = in.rights().getIfPresent(key);
            if (known == null) {
                known = compile(key, in);
                in.rights().put(key, known);
            }
            return new Seen(in, known);
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // The same compilation, not an equal one.
        public EffectiveRights get() {
            Compiled current = current();
            Seen last = seen;
            if (last.in() != current) {
                last = look(current);
                seen = last;
            }
            EffectiveRights rights = last.rights();
            boolean ended =
                    rights.until().map(end -> !clock.instant().isBefore(end)).orElse(false);
            return ended ? NO_RIGHTS : rights;
        }
    }

    @SuppressWarnings("ReferenceEquality") // The same rights, not equal ones.
    private Compiled current() {
        Snapshot snapshot = newest.get();
        Compiled current = compiled;
        if (current.of().rights() != snapshot.rights()) {
            current = compiled(snapshot);
            compiled = current;
        }
        return current;
    }

    private static Compiled compiled(Snapshot snapshot) {
        return new Compiled(
                snapshot,
                new PrivilegeSet(snapshot.privileges(Set.of(BuiltIn.ANONYMOUS)), ""),
                CacheBuilder.newBuilder().maximumSize(MAX_COMPILED).build());
    }

    private static EffectiveRights compile(Key key, Compiled from) {
        Principal principal = key.principal();
        Optional<User> user =
                principal.realm().equals(User.REALM) ? from.of().user(principal.name()) : Optional.empty();
        boolean ready = user.map(u -> u.enabled() && !u.mustChangePassword()).orElse(false);
        if (principal.realm().equals(User.REALM) && !ready) {
            return NO_RIGHTS;
        }
        Set<String> roles = from.of().rolesOf(principal, key.groups());
        return new EffectiveRights(
                new PrivilegeSet(from.of().privileges(roles), principal.name()),
                from.anonymous(),
                key.restriction().map(r -> new PrivilegeSet(r, principal.name())),
                user.flatMap(User::expires));
    }
}
