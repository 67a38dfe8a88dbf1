package io.entrepot.auth.account;

import io.entrepot.core.store.DocumentStore;
import java.util.ArrayList;
import java.util.List;

/** A change in the making: what it found, and what it will write in one commit. Used by one thread, once. */
final class Draft {
    private final Snapshot before;
    private final Powers powers;
    private final List<DocumentStore.Change> changes = new ArrayList<>();

    Draft(Snapshot before, Powers powers) {
        this.before = before;
        this.powers = powers;
    }

    Snapshot before() {
        return before;
    }

    /** Of whoever makes it. */
    Powers powers() {
        return powers;
    }

    /** A security version that nobody has had yet. */
    long version() {
        return before.changes() + 1;
    }

    User user(String name) {
        return before.user(name).orElseThrow(() -> AccountException.unknown("user", name));
    }

    Role role(String name) {
        return before.role(name).orElseThrow(() -> AccountException.unknown("role", name));
    }

    ApiKey key(String id) {
        return before.key(id).orElseThrow(() -> AccountException.unknown("API key", id));
    }

    User put(User user) {
        put(Documents.USERS, user.name(), Documents.write(user));
        return user;
    }

    Role put(Role role) {
        put(Documents.ROLES, role.name(), Documents.write(role));
        return role;
    }

    ApiKey put(ApiKey key) {
        put(Documents.KEYS, key.id(), Documents.write(key));
        return key;
    }

    void put(Assignment assignment) {
        put(Documents.ASSIGNMENTS, Documents.id(assignment.to()), Documents.write(assignment));
    }

    private void put(String collection, String id, String json) {
        changes.add(new DocumentStore.Put(collection, id, before.seen(collection, id), json));
    }

    void delete(String collection, String id) {
        changes.add(new DocumentStore.Delete(collection, id, before.seen(collection, id)));
    }

    /** How things will be. */
    Snapshot after() {
        return before.with(changes);
    }

    /** All that is to be written; only possible if nobody has changed anything since. */
    List<DocumentStore.Change> commit() {
        List<DocumentStore.Change> all = new ArrayList<>(changes);
        all.add(new DocumentStore.Put(
                Documents.LEDGER, Documents.LEDGER_ID, before.ledgerVersion(), Documents.writeLedger(version())));
        return all;
    }
}
