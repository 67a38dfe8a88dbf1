package io.entrepot.core.memory;

import io.entrepot.core.store.DocumentStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Documents in memory, gone with the process. */
public final class MemoryDocuments implements DocumentStore {
    private static final Comparator<Document> BY_ID =
            Comparator.comparing(document -> document.id().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private record Key(String collection, String id) {}

    /** One commit's outcome, never changed. */
    private record State(long revision, Map<Key, Document> documents) {}

    private volatile State state = new State(0, Map.of());

    @Override
    public Optional<Document> get(String collection, String id) {
        return Optional.ofNullable(state.documents.get(new Key(collection, id)));
    }

    @Override
    public List<Document> all(String collection) {
        return state.documents.values().stream()
                .filter(document -> document.collection().equals(collection))
                .sorted(BY_ID)
                .toList();
    }

    @Override
    public synchronized void commit(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        long revision = state.revision + 1;
        Map<Key, Document> documents = new HashMap<>(state.documents);
        for (Change change : changes) {
            make(change, revision, documents);
        }
        state = new State(revision, documents);
    }

    private static void make(Change change, long version, Map<Key, Document> documents) {
        Key key = new Key(change.collection(), change.id());
        Document present = documents.remove(key);
        if ((present == null ? ABSENT : present.version()) != change.seen()) {
            throw new ConflictException(change.collection(), change.id());
        }
        if (change instanceof Put put) {
            documents.put(key, new Document(put.collection(), put.id(), version, put.json()));
        }
    }

    @Override
    public long revision() {
        return state.revision;
    }
}
