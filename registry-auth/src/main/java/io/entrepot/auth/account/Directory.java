package io.entrepot.auth.account;

import io.entrepot.core.access.RegistryId;
import io.entrepot.core.store.DocumentStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All users, roles, keys and assignments, in memory. What this process changes is seen at once; what others change as
 * often as {@link #refresh} is called, which {@link DirectoryWatch} does every second.
 */
public final class Directory {
    private final DocumentStore documents;
    private final InstantSource clock;
    private final Policy policy;
    private final KeyUsage usage = new KeyUsage();
    /** Replaced under this object's lock, by newer ones only. */
    private volatile Snapshot snapshot;

    /**
     * Reads everything once.
     *
     * @param anonymousAllowed whether a registry lets anonymous callers in now; asked with every question, so it answers
     *     from memory
     */
    public Directory(DocumentStore documents, InstantSource clock, Predicate<RegistryId> anonymousAllowed) {
        this.documents = documents;
        this.clock = clock;
        this.snapshot = Snapshot.read(documents, Snapshot.empty());
        this.policy = new LivePolicy(this::snapshot, clock, anonymousAllowed);
    }

    /** What follows from all this. One object, which follows what is changed. */
    public Policy policy() {
        return policy;
    }

    public Optional<User> user(String name) {
        return snapshot().user(name);
    }

    public Optional<Role> role(String name) {
        return snapshot().role(name);
    }

    public Optional<ApiKey> key(String id) {
        return snapshot().key(id);
    }

    /** Ordered by name, as the other lists are. */
    public List<User> users() {
        return snapshot().users();
    }

    /** The built-in ones among them. */
    public List<Role> roles() {
        return List.copyOf(snapshot().roles());
    }

    public List<ApiKey> keys() {
        return snapshot().keys();
    }

    /** Who has roles without being a user of this server. */
    public List<Assignment> assignments() {
        return snapshot().assignments().stream()
                .filter(a -> !a.roles().isEmpty())
                .toList();
    }

    /**
     * The key whose text this is, if it is the whole text of one that has not expired and whose owner, if he is a user of
     * this server, can log in. Notes that it was used.
     */
    public Optional<ApiKey> keyOf(String text) {
        Instant now = clock.instant();
        Optional<ApiKey> key = ApiKeys.idOf(text)
                .flatMap(this::key)
                .filter(k -> ApiKeys.matches(k, text))
                .filter(k -> k.liveAt(now) && ownerLives(k, now));
        key.ifPresent(k -> usage.note(k, now));
        return key;
    }

    private boolean ownerLives(ApiKey key, Instant now) {
        return !key.principal().realm().equals(User.REALM)
                || user(key.principal().name()).map(u -> u.liveAt(now)).orElse(false);
    }

    /** Reads anew what has changed since, in this process or another. Cheap if nothing has. */
    public void refresh() {
        replaceBy(Snapshot.read(documents, snapshot));
    }

    private synchronized void replaceBy(Snapshot next) {
        if (snapshot.olderThan(next)) {
            snapshot = next;
        }
    }

    /**
     * Writes down when keys were used last: each at most once in {@code atMostEvery}.
     */
    void saveUsage(Duration atMostEvery) {
        usage.save(documents, snapshot(), atMostEvery);
    }

    Snapshot snapshot() {
        return snapshot;
    }

    DocumentStore documents() {
        return documents;
    }

    InstantSource clock() {
        return clock;
    }
}
