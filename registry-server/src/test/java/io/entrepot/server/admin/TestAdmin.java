package io.entrepot.server.admin;

import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordHasher;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Visit;
import io.entrepot.core.memory.MemoryDocuments;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The administration of an installation in memory. */
public final class TestAdmin {
    final Directory directory = new Directory(new MemoryDocuments(), InstantSource.system(), registry -> false);
    final Accounts accounts;
    final AdminApi api;
    public final TestRegistries running = new TestRegistries();
    final List<Principal> rotations = new ArrayList<>();
    final List<Audit.Event> events = new ArrayList<>();

    public TestAdmin() {
        this(Optional.empty());
    }

    /** With these registries, and nothing in {@link #running}. */
    static TestAdmin over(RegistryAdmin registries) {
        return new TestAdmin(Optional.of(registries));
    }

    private TestAdmin(Optional<RegistryAdmin> other) {
        SecureRandom random = new SecureRandom();
        accounts = new Accounts(directory, new HashingGate(new PasswordHasher(random)), random, events::add);
        List<RegistryId> registries = List.of(
                new RegistryId("private", RegistryId.Kind.HOSTED), new RegistryId("hub", RegistryId.Kind.PROXY));
        api = AdminApi.of(new AdminParts(
                accounts,
                directory,
                registries,
                List.of(new AdminParts.RealmState("local", true), new AdminParts.RealmState("ldap", false)),
                new Keys(),
                n -> List.of(),
                events::add,
                random,
                other.orElse(running)));
    }

    private final class Keys implements AdminParts.SigningKeyRing {
        @Override
        public List<AdminParts.KeyState> all() {
            return List.of(new AdminParts.KeyState("k1", "active", Instant.EPOCH));
        }

        @Override
        public void rotate(Caller by, Optional<Visit> visit) {
            rotations.add(by.principal());
        }
    }

    /** Logged in with a password. */
    Caller caller(String name) {
        Principal principal = new Principal("local", name);
        return new Caller(principal, Proof.BASIC, directory.policy().rights(Identity.of(principal)), Access.ALL);
    }

    public Answer system(String method, String target, String body) {
        return ask(Accounts.system(), method, target, body);
    }

    Answer ask(Caller caller, String method, String target, String body) {
        Optional<String> json = body.isEmpty() ? Optional.empty() : Optional.of(body.replace('\'', '"'));
        return api.handle(new AdminRequest(method, target, json, caller, Optional.empty()));
    }
}
