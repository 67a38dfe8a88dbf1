package io.entrepot.core.store;

import io.entrepot.core.Digest;
import io.entrepot.core.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * When manifests were last read, noted without waiting for anybody, until somebody writes it down. Safe for all threads,
 * and bounded: when nobody comes to write, manifests that are not noted yet are noted no more.
 */
public final class Touches {
    private static final int MOST = 100_000;

    private final ConcurrentMap<Key, Instant> notes = new ConcurrentHashMap<>();

    private record Key(RepositoryName repository, Digest manifest) {}

    public record Touch(RepositoryName repository, Digest manifest, Instant at) {}

    public void note(RepositoryName repository, Digest manifest, Instant at) {
        Key key = new Key(repository, manifest);
        if (notes.size() < MOST || notes.containsKey(key)) {
            notes.merge(key, at, (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    /** What is to be written down. It stays here until {@link #written}. */
    public List<Touch> noted() {
        return notes.entrySet().stream()
                .map(note -> new Touch(note.getKey().repository, note.getKey().manifest, note.getValue()))
                .toList();
    }

    /** These are done with, unless they were read again meanwhile. */
    public void written(List<Touch> touches) {
        touches.forEach(touch -> notes.remove(new Key(touch.repository, touch.manifest), touch.at));
    }
}
