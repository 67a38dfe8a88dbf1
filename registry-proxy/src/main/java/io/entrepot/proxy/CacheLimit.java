package io.entrepot.proxy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongUnaryOperator;

/** Keeps one cache, or several together, within a limit: of all that they hold, what was read longest ago is given up first. */
public final class CacheLimit {
    /** When the limit is met, so much of it is made free: not every pull is to evict something. */
    private static final double DOWN_TO = 0.95;
    /** Of what is to go, the coldest cache gives up a part; then it is seen anew which one that is. */
    private static final int PARTS = 16;

    private final LongUnaryOperator limitBytes;
    private final List<Cache> caches = new CopyOnWriteArrayList<>();

    /** @param limitBytes how much they may hold who hold so much, since that may depend on what the disk has left */
    public CacheLimit(LongUnaryOperator limitBytes) {
        this.limitBytes = limitBytes;
    }

    public CacheLimit over(Cache cache) {
        caches.add(cache);
        return this;
    }

    /** A blob that two of them hold counts twice. */
    public long heldBytes() {
        return caches.stream().mapToLong(Cache::heldBytes).sum();
    }

    public long limitBytes() {
        return limitBytes.applyAsLong(heldBytes());
    }

    /** Gives up what is too much. Returns how many bytes that was. */
    public synchronized long enforce() {
        long held = heldBytes();
        long limit = limitBytes.applyAsLong(held);
        return held <= limit ? 0 : evict(held - (long) (limit * DOWN_TO));
    }

    /** Gives up as much as this, or all that may go if that is less. Returns how many bytes that was. */
    public synchronized long evict(long bytes) {
        List<Cache> left = new ArrayList<>(caches);
        long gone = 0;
        while (gone < bytes && !left.isEmpty()) {
            long wanted = left.size() == 1 ? bytes - gone : Math.min(bytes - gone, Math.max(bytes / PARTS, 1));
            Optional<Cache> coldest = coldest(left);
            long freed = coldest.map(cache -> cache.evict(wanted)).orElse(0L);
            gone += freed;
            if (freed == 0) {
                coldest.ifPresentOrElse(left::remove, left::clear);
            }
        }
        return gone;
    }

    private static Optional<Cache> coldest(List<Cache> caches) {
        Optional<Cache> found = Optional.empty();
        Instant since = Instant.MAX;
        for (Cache cache : caches) {
            Optional<Instant> read = cache.coldest();
            if (read.isPresent() && read.get().isBefore(since)) {
                found = Optional.of(cache);
                since = read.get();
            }
        }
        return found;
    }
}
