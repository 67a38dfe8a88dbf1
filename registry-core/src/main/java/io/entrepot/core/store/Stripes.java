package io.entrepot.core.store;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What happens to things that share a stripe by their hash: how many writes have ended (the upper 48 bits of a state) and
 * how many are in flight (the lower 16). While the state is the same and {@link #quiet}, nothing has changed.
 */
final class Stripes {
    private static final int WRITER_BITS = 16;
    private static final long WRITERS = (1L << WRITER_BITS) - 1;

    private final AtomicLongArray states;

    /** @param count a power of two */
    Stripes(int count) {
        this.states = new AtomicLongArray(count);
    }

    int of(int hash) {
        return (hash ^ hash >>> 16) & states.length() - 1;
    }

    long state(int stripe) {
        return states.get(stripe);
    }

    static boolean quiet(long state) {
        return (state & WRITERS) == 0;
    }

    /** To be called before a write. Returns the state before. */
    long begin(int stripe) {
        return states.getAndIncrement(stripe);
    }

    /** To be called after a write, however it went. Returns the state after. */
    long end(int stripe) {
        return states.addAndGet(stripe, (1L << WRITER_BITS) - 1);
    }

    /** To be called instead of {@link #end} if it is certain that nothing was written. */
    void endUnchanged(int stripe) {
        states.getAndDecrement(stripe);
    }

    /** The state of a stripe after the only write since {@code before}. */
    static long afterOneWrite(long before) {
        return before + (1L << WRITER_BITS);
    }
}
