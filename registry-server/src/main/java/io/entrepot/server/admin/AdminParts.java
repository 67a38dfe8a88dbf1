package io.entrepot.server.admin;

import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.audit.AuditEntry;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Visit;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that can be administered.
 *
 * @param registries the main one first
 * @param realms the active ones first, in the order in which they are asked
 * @param running the registries themselves
 */
public record AdminParts(
        Accounts accounts,
        Directory directory,
        List<RegistryId> registries,
        List<RealmState> realms,
        SigningKeyRing keys,
        Trail trail,
        Audit audit,
        SecureRandom random,
        RegistryAdmin running) {
    public AdminParts {
        registries = List.copyOf(registries);
        realms = List.copyOf(realms);
    }

    /** A source of identities that there is, and whether it is asked. */
    public record RealmState(String name, boolean active) {}

    /** What may be shown of a key that tokens are signed with. */
    public record KeyState(String id, String state, Instant since) {}

    /** The keys that tokens are signed with. */
    public interface SigningKeyRing {
        List<KeyState> all();

        /** From now on another key signs; what was signed stays good until it expires. */
        void rotate(Caller by, Optional<Visit> visit);
    }

    /** The audit log, to be read. */
    @FunctionalInterface
    public interface Trail {
        /** The last events, the newest first. */
        List<AuditEntry> last(int n);
    }
}
