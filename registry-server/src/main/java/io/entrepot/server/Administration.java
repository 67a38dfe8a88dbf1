package io.entrepot.server;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.AccessOptions.RealmKind;
import io.entrepot.auth.audit.AuditEntry;
import io.entrepot.auth.audit.AuditReader;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Visit;
import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.admin.AdminParts;
import io.entrepot.server.admin.AdminParts.KeyState;
import io.entrepot.server.admin.AdminParts.RealmState;
import io.entrepot.server.admin.RegistryAdmin;
import io.entrepot.server.config.AccessSettings;
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

    /**
     * @param folder of the data, if there is one
     * @param running the registries themselves
     */
    static AdminApi of(
            Configuration configuration, AccessControl access, Optional<Path> folder, RegistryAdmin running) {
        Optional<AuditReader> log = folder.map(data -> new AuditReader(data.resolve("audit")));
        return AdminApi.of(new AdminParts(
                access.accounts(),
                access.directory(),
                registries(configuration),
                realms(configuration.access()),
                new Keys(access),
                n -> log.map(l -> last(l, n)).orElse(List.of()),
                access.audit(),
                new SecureRandom(),
                running));
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

    private static List<RealmState> realms(AccessSettings settings) {
        List<RealmState> realms = new ArrayList<>();
        settings.realms().forEach(realm -> realms.add(new RealmState(realm.word(), isSet(realm, settings))));
        for (RealmKind realm : RealmKind.values()) {
            if (!settings.realms().contains(realm)) {
                realms.add(new RealmState(realm.word(), false));
            }
        }
        return realms;
    }

    /** One that nothing is set for is not asked. */
    private static boolean isSet(RealmKind realm, AccessSettings settings) {
        return switch (realm) {
            case TOKEN, LOCAL, API_KEY -> true;
            case HTPASSWD -> settings.htpasswd().isPresent();
            case LDAP -> settings.ldap().isPresent();
            case OIDC -> settings.oidc().isPresent();
            case CERTIFICATE -> settings.certificates().isPresent();
            case WORKLOAD -> !settings.workloads().isEmpty();
        };
    }

    private static List<AuditEntry> last(AuditReader log, int n) {
        try {
            return log.last(n, Instant.EPOCH, Instant.MAX, entry -> true);
        } catch (IOException e) {
            throw RegistryException.storage("the audit log cannot be read", e);
        }
    }

    private record Keys(AccessControl access) implements AdminParts.SigningKeyRing {
        @Override
        public List<KeyState> all() {
            return access.tokens().keys().list().stream()
                    .map(key -> new KeyState(key.id(), key.state().name().toLowerCase(Locale.ROOT), key.since()))
                    .toList();
        }

        @Override
        public void rotate(Caller by, Optional<Visit> visit) {
            access.tokens().keys().rotate();
            access.audit()
                    .note(new Audit.Event(
                            "key.rotate",
                            by.principal(),
                            Optional.empty(),
                            visit,
                            "signing keys",
                            Audit.Outcome.DONE,
                            ""));
        }
    }
}
