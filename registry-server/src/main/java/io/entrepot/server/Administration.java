package io.entrepot.server;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.AccessOptions.RealmKind;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.audit.AuditEntry;
import io.entrepot.auth.audit.AuditReader;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.RegistryId;
import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.admin.AdminParts;
import io.entrepot.server.admin.AdminParts.RealmState;
import io.entrepot.server.config.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts together what can be administered of one installation. */
final class Administration {
    private Administration() {}

    /** Of a server that runs. */
    static AdminApi of(Configuration configuration, AccessControl access, Optional<Path> folder) {
        return of(configuration, access.accounts(), access.directory(), new Keys(access), folder);
    }

    /** Of a data folder without a server. */
    static AdminApi of(Configuration configuration, Accounts accounts, Directory directory, Optional<Path> folder) {
        return of(configuration, accounts, directory, new NoKeys(), folder);
    }

    /** @param folder of the audit log, if there is one */
    private static AdminApi of(
            Configuration configuration,
            Accounts accounts,
            Directory directory,
            AdminParts.SigningKeyRing keys,
            Optional<Path> folder) {
        AdminParts.Trail trail = folder.<AdminParts.Trail>map(f -> n -> last(new AuditReader(f.resolve("audit")), n))
                .orElse(n -> List.of());
        return AdminApi.of(new AdminParts(
                accounts,
                directory,
                registries(configuration),
                realms(configuration),
                keys,
                trail,
                new SecureRandom()));
    }

    private record Keys(AccessControl access) implements AdminParts.SigningKeyRing {
        @Override
        public List<AdminParts.KeyState> all() {
            return access.tokens().keys().list().stream()
                    .map(key ->
                            new AdminParts.KeyState(key.id(), key.state().name().toLowerCase(Locale.ROOT), key.since()))
                    .toList();
        }

        @Override
        public void rotate(Caller by) {
            access.tokens().keys().rotate();
            access.audit()
                    .note(new Audit.Event(
                            "key.rotate",
                            by.principal(),
                            Optional.empty(),
                            Optional.empty(),
                            "signing keys",
                            Audit.Outcome.DONE,
                            ""));
        }
    }

    private static final class NoKeys implements AdminParts.SigningKeyRing {
        @Override
        public List<AdminParts.KeyState> all() {
            return List.of();
        }

        @Override
        public void rotate(Caller by) {
            throw new RegistryException.Unsupported("no tokens are signed here");
        }
    }

    private static List<AuditEntry> last(AuditReader log, int n) {
        try {
            return log.last(n, Instant.EPOCH, Instant.MAX, entry -> true);
        } catch (IOException e) {
            throw RegistryException.storage("the audit log cannot be read", e);
        }
    }

    /** The main one first. */
    private static List<RegistryId> registries(Configuration configuration) {
        List<RegistryId> registries = new ArrayList<>();
        configuration.registries().forEach((name, settings) -> {
            boolean main = name.equals(configuration.server().main());
            registries.add(main ? 0 : registries.size(), new RegistryId(name, settings.kind()));
        });
        return registries;
    }

    private static List<RealmState> realms(Configuration configuration) {
        List<RealmKind> active = configuration.access().realms();
        List<RealmState> realms = new ArrayList<>();
        active.forEach(realm -> realms.add(new RealmState(realm.word(), true)));
        for (RealmKind realm : RealmKind.values()) {
            if (!active.contains(realm)) {
                realms.add(new RealmState(realm.word(), false));
            }
        }
        return realms;
    }
}
