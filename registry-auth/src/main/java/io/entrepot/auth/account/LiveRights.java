package io.entrepot.auth.account;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Rights;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rights that follow what is changed: every question is answered by those that hold now. */
final class LiveRights implements Rights {
    private final Supplier<EffectiveRights> now;
    private final Predicate<RegistryId> anonymousAllowed;
    /** Of the registry that was asked for last; most servers have one that most requests are about. */
    private volatile @Nullable LiveAccess last;

    /** @param now answers from memory, with the same object as long as nothing has changed */
    LiveRights(Supplier<EffectiveRights> now, Predicate<RegistryId> anonymousAllowed) {
        this.now = now;
        this.anonymousAllowed = anonymousAllowed;
    }

    @Override
    public Access in(RegistryId registry) {
        LiveAccess known = last;
        if (known == null || !known.registry.equals(registry)) {
            known = new LiveAccess(registry);
            last = known;
        }
        return known;
    }

    @Override
    public boolean sees(Domain domain) {
        return now.get().sees(domain);
    }

    @Override
    public boolean administers(Domain domain) {
        return now.get().administers(domain);
    }

    /** Whether he may do himself, with this credential, all that the privilege allows. */
    boolean covers(Privilege privilege) {
        return now.get().covers(privilege);
    }

    /** Whether the credential leaves less than its owner may do. */
    boolean restricted() {
        return now.get().restriction().isPresent();
    }

    private final class LiveAccess implements Access {
        private record Seen(EffectiveRights rights, Access access) {}

        private final RegistryId registry;
        private volatile Seen seen;

        LiveAccess(RegistryId registry) {
            this.registry = registry;
            this.seen = look(now.get());
        }

        private Seen look(EffectiveRights rights) {
            return new Seen(rights, rights.in(registry, anonymousAllowed));
        }

        @SuppressWarnings("ReferenceEquality") // The same snapshot, not an equal one.
        private Access access() {
            EffectiveRights rights = now.get();
            Seen last = seen;
            if (last.rights() != rights) {
                last = look(rights);
                seen = last;
            }
            return last.access();
        }

        @Override
        public boolean allows(Action action, RepositoryName name) {
            return access().allows(action, name);
        }

        @Override
        public boolean allows(Action action, RepositoryName name, Tag tag) {
            return access().allows(action, name, tag);
        }

        @Override
        public boolean allowsWholly(Action action, RepositoryName name) {
            return access().allowsWholly(action, name);
        }

        @Override
        public boolean allowsCatalog() {
            return access().allowsCatalog();
        }
    }
}
