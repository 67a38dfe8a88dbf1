package io.entrepot.storage.sql;

import io.entrepot.core.Digest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Until when somebody counts on which blob of a blob store. In memory: the data folder is locked, so nobody else gives
 * leases; and what a process that is gone has promised is kept by leasing everything for a while. Few bytes each and
 * bounded: what would be too much becomes one lease on everything.
 */
final class Leases {
    private static final int MOST = 200_000;

    /** By the first 64 bits of the digest. Two that share them only keep each other longer. */
    private final Map<Long, Instant> until = new HashMap<>();

    private final int most;
    /** Everything is leased until then. */
    private Instant floor;

    Leases(Instant floor) {
        this(floor, MOST);
    }

    Leases(Instant floor, int most) {
        this.floor = floor;
        this.most = most;
    }

    /** For the writer's thread, on which alone it is also decided what goes. */
    synchronized void hold(Digest digest, Instant newUntil, Instant now) {
        until.merge(key(digest), newUntil, Leases::later);
        if (until.size() > most) {
            forget(now);
        }
    }

    /**
     * For any thread. Whether the digest was leased and now is until then, too; if so, a blob that is found afterwards
     * stays so long.
     */
    synchronized boolean extend(Digest digest, Instant newUntil, Instant now) {
        if (until(digest, now).isEmpty()) {
            return false;
        }
        hold(digest, newUntil, now);
        return true;
    }

    /** Until when the blob must stay. A lease that was seen to be over is over: {@link #extend} does not revive it. */
    synchronized Optional<Instant> until(Digest digest, Instant now) {
        Instant latest = later(floor, until.getOrDefault(key(digest), Instant.MIN));
        if (latest.isAfter(now)) {
            return Optional.of(latest);
        }
        until.remove(key(digest));
        return Optional.empty();
    }

    private void forget(Instant now) {
        until.values().removeIf(end -> !end.isAfter(now));
        if (until.size() > most / 2) {
            floor = until.values().stream().reduce(floor, Leases::later);
            until.clear();
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static long key(Digest digest) {
        return Long.parseUnsignedLong(digest.hex(), 0, 16, 16);
    }
}
