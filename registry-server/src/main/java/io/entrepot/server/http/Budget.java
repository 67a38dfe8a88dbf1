package io.entrepot.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** So many bytes of bodies may be held in memory at a time, however many clients send some. */
final class Budget {
    private final long limitBytes;
    private final AtomicLong used = new AtomicLong();

    Budget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Whether there was room; what was taken is given back by whoever took it. */
    boolean take(int bytes) {
        if (used.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        used.addAndGet(-bytes);
    }
}
