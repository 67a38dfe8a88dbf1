package io.entrepot.auth.account;

import io.entrepot.core.store.DocumentStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When keys were used last, noted in memory and written later, by somebody who has the time. What was noted in the last
 * moments before a crash is lost: it is for people to see which keys nobody needs.
 */
final class KeyUsage {
    private static final int MAX_PER_COMMIT = 100;

    private final Map<String, Instant> noted = new ConcurrentHashMap<>();

    /** Only of keys that there are: so there are never more of these. */
    void note(ApiKey key, Instant when) {
        noted.put(key.id(), when);
    }

    /** Writes those that are due. A key that somebody else is changing waits for the next time. */
    void save(DocumentStore documents, Snapshot snapshot, Duration atMostEvery) {
        List<DocumentStore.Change> changes = new ArrayList<>();
        for (Map.Entry<String, Instant> entry : List.copyOf(noted.entrySet())) {
            if (changes.size() == MAX_PER_COMMIT) {
                break;
            }
            noted.remove(entry.getKey(), entry.getValue());
            snapshot.key(entry.getKey())
                    .filter(k -> due(k, entry.getValue(), atMostEvery))
                    .map(k -> put(k.usedAt(entry.getValue()), snapshot))
                    .ifPresent(changes::add);
        }
        if (!changes.isEmpty()) {
            commit(documents, changes);
        }
    }

    private static boolean due(ApiKey key, Instant used, Duration atMostEvery) {
        return key.lastUsed()
                .map(last -> !used.isBefore(last.plus(atMostEvery)))
                .orElse(true);
    }

    private static DocumentStore.Put put(ApiKey key, Snapshot snapshot) {
        return new DocumentStore.Put(
                Documents.KEYS, key.id(), snapshot.seen(Documents.KEYS, key.id()), Documents.write(key));
    }

    private static void commit(DocumentStore documents, List<DocumentStore.Change> changes) {
        try {
            documents.commit(changes);
        } catch (DocumentStore.ConflictException e) {
            // Somebody has just revoked one of them or noted the same. The next use says it again.
        }
    }
}
