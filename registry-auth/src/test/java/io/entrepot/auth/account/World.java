package io.entrepot.auth.account;

import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordHasher;
import io.entrepot.core.Principal;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.testkit.SettableClock;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small server's accounts in memory: an administrator, two registries, and an audit that can be read. */
final class World {
    static final RegistryId PRIVATE = new RegistryId("private", RegistryId.Kind.HOSTED);
    static final RegistryId HUB = new RegistryId("hub", RegistryId.Kind.PROXY);
    static final String PASSWORD = "correct horse";

    final DocumentStore documents;
    final SettableClock clock = new SettableClock();
    final Set<RegistryId> open = ConcurrentHashMap.newKeySet();
    final List<Audit.Event> audited = new CopyOnWriteArrayList<>();
    final HashingGate hashing = new HashingGate(new PasswordHasher(new SecureRandom(), 64, 1));
    final Directory directory;
    final Accounts accounts;

    World() {
        this(new MemoryDocuments());
        accounts.create(Accounts.system(), NewUser.person("admin", PASSWORD, Set.of(BuiltIn.ADMIN)));
        audited.clear();
    }

    /** Another process over the same documents. */
    World(DocumentStore documents) {
        this.documents = documents;
        this.directory = new Directory(documents, clock, open::contains);
        this.accounts = new Accounts(directory, hashing, new SecureRandom(), audited::add);
    }

    Caller admin() {
        return as("admin");
    }

    /** A user of this server with a password, whom nobody has restricted. */
    Caller as(String name) {
        return as(Identity.of(new Principal(User.REALM, name)));
    }

    Caller as(Identity identity) {
        return new Caller(identity.principal(), Proof.BASIC, directory.policy().rights(identity), Access.ALL);
    }

    Caller withKey(ApiKey key) {
        return as(new Identity(key.principal(), Set.of(), key.restriction(), Optional.of(key.id())));
    }

    User person(String name, String... roles) {
        return accounts.create(admin(), NewUser.person(name, PASSWORD, Set.of(roles)));
    }

    User robot(String name, String... roles) {
        return accounts.create(admin(), NewUser.robot(name, Set.of(roles)));
    }

    Role role(String name, String... privileges) {
        return accounts.roles().create(admin(), Role.of(name, "", privileges(privileges), Set.of()));
    }

    static List<Privilege> privileges(String... texts) {
        return Arrays.stream(texts).map(PrivilegeNotation::parse).toList();
    }

    Access access(String user, RegistryId registry) {
        return as(user).rights().in(registry);
    }

    static RepositoryName name(String text) {
        return new RepositoryName(text);
    }
}
