package io.entrepot.core.store;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers that were read from a store, and that are exactly what it would say now or are not given. An answer counts as
 * long as no write of its key, nor a broad one, has ended since before it was read or is in flight; so it may be put here
 * at any time, however late.
 */
final class Shelf<V> {
    /** Of the room, what was not found may take this part: those who guess names do not push out what is in use. */
    private static final int ABSENT_PART = 16;

    private static final int ENTRY_BYTES = 400;
    private static final int STRIPES = 4096;

    private final Stripes narrow = new Stripes(STRIPES);
    private final Stripes broad = new Stripes(STRIPES);
    private final ToIntFunction<Key> broadHash;
    private final ToIntFunction<V> bytes;
    private final int mostBytes;
    private final Cache<Key, Answer<V>> present;
    private final Cache<Key, Answer<V>> absent;

    /** @param owner tells the registries apart */
    record Key(Object owner, RepositoryName repository, Reference reference) {}

    /** What the store said, and the states of its stripes when it was asked. */
    record Answer<V>(Optional<V> value, long narrow, long broad) {}

    /**
     * @param broadHash the same for all keys that a broad write hits together
     * @param bytes that a value takes beside its entry
     * @param mostBytes values that take more are not kept
     */
    Shelf(long maxBytes, ToIntFunction<Key> broadHash, ToIntFunction<V> bytes, int mostBytes) {
        this.broadHash = broadHash;
        this.bytes = bytes;
        this.mostBytes = mostBytes;
        this.present = CacheBuilder.newBuilder()
                .maximumWeight(maxBytes - maxBytes / ABSENT_PART)
                .weigher((Key k, Answer<V> a) ->
                        ENTRY_BYTES + a.value().map(bytes::applyAsInt).orElse(0))
                .build();
        this.absent = CacheBuilder.newBuilder()
                .maximumSize(maxBytes / ABSENT_PART / ENTRY_BYTES)
                .build();
    }

    /** What the store would say now, if that is known. */
    @Nullable
    Answer<V> find(Key key) {
        Answer<V> answer = present.getIfPresent(key);
        if (answer != null && holds(key, answer)) {
            return answer;
        }
        answer = absent.getIfPresent(key);
        return answer != null && holds(key, answer) ? answer : null;
    }

    /** The broad state is looked at last: a broad write that was in flight before has ended by then or is still there. */
    private boolean holds(Key key, Answer<V> answer) {
        return narrow.state(narrowOf(key)) == answer.narrow && broad.state(broadOf(key)) == answer.broad;
    }

    /** Asks the store and keeps what it said. */
    Optional<V> load(Key key, Supplier<Optional<V>> store) {
        long narrowBefore = narrow.state(narrowOf(key));
        long broadBefore = broad.state(broadOf(key));
        Optional<V> value = store.get();
        keep(key, new Answer<>(value, narrowBefore, broadBefore));
        return value;
    }

    private void keep(Key key, Answer<V> answer) {
        boolean small = answer.value.map(bytes::applyAsInt).orElse(0) <= mostBytes;
        if (small && Stripes.quiet(answer.narrow) && Stripes.quiet(answer.broad)) {
            (answer.value.isPresent() ? present : absent).put(key, answer);
        }
    }

    /** A write that changes what some keys find. */
    void write(Collection<Key> keys, Runnable store) {
        List<Integer> stripes = keys.stream().map(this::narrowOf).toList();
        stripes.forEach(narrow::begin);
        try {
            store.run();
        } finally {
            stripes.forEach(narrow::end);
        }
    }

    /** A write that changes what one key finds, and says what that is from now on. */
    <T> T write(Key key, Supplier<T> store, Function<T, Optional<V>> found) {
        int stripe = narrowOf(key);
        long broadBefore = broad.state(broadOf(key));
        long before = narrow.begin(stripe);
        long after = before;
        T result;
        try {
            result = store.get();
        } finally {
            after = narrow.end(stripe);
        }
        if (Stripes.quiet(before) && after == Stripes.afterOneWrite(before)) {
            keep(key, new Answer<>(found.apply(result), after, broadBefore));
        }
        return result;
    }

    /** A write that may change all that has this broad hash, unless {@code nothing} says that it did not. */
    <T> T writeBroadly(int hash, Supplier<T> store, Predicate<T> nothing) {
        int stripe = broad.of(hash);
        broad.begin(stripe);
        boolean unchanged = false;
        try {
            T result = store.get();
            unchanged = nothing.test(result);
            return result;
        } finally {
            if (unchanged) {
                broad.endUnchanged(stripe);
            } else {
                broad.end(stripe);
            }
        }
    }

    private int narrowOf(Key key) {
        return narrow.of(key.hashCode());
    }

    private int broadOf(Key key) {
        return broad.of(broadHash.applyAsInt(key));
    }
}
