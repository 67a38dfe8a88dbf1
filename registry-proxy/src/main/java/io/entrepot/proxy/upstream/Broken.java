package io.entrepot.proxy.upstream;

import io.entrepot.core.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Remembers for a while from which source a blob broke, so that it is asked last for it. Safe for all threads. */
final class Broken {
    /** The oldest goes first: forgetting costs one more attempt. */
    private static final int MOST = 1000;

    private final InstantSource clock;
    private final Duration time;
    private final Map<Digest, Note> notes = new LinkedHashMap<>(); // guarded by this

    private record Note(String label, Instant until) {}

    Broken(InstantSource clock, Duration time) {
        this.clock = clock;
        this.time = time;
    }

    synchronized void note(Digest digest, String label) {
        notes.remove(digest); // So that it becomes the youngest.
        notes.put(digest, new Note(label, clock.instant().plus(time)));
        if (notes.size() > MOST) {
            notes.remove(notes.keySet().iterator().next());
        }
    }

    synchronized List<Upstream.Way> order(List<Upstream.Way> ways, Digest digest) {
        Note note = notes.get(digest);
        if (note == null) {
            return ways;
        }
        if (!clock.instant().isBefore(note.until)) {
            notes.remove(digest);
            return ways;
        }
        return Stream.concat(
                        ways.stream().filter(way -> !way.source().label().equals(note.label)),
                        ways.stream().filter(way -> way.source().label().equals(note.label)))
                .toList();
    }
}
