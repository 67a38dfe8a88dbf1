package io.entrepot.core;

import java.util.Optional;

/**
 * Which part of an ordered list is wanted: at most {@code limit} entries (1 to {@link #MAX_LIMIT}) that come after
 * {@code last}, which need not exist.
 */
public record PageRequest(Optional<String> last, int limit) {
    public static final int MAX_LIMIT = 10_000;

    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_LIMIT + " entries, not " + limit);
        }
    }

    public static PageRequest first(int limit) {
        return new PageRequest(Optional.empty(), limit);
    }

    public PageRequest after(String newLast) {
        return new PageRequest(Optional.of(newLast), limit);
    }
}
