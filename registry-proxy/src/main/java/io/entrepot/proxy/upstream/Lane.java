package io.entrepot.proxy.upstream;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Lets so many in at a time; the others wait in the order in which they came. Safe for all threads. */
final class Lane {
    private final String what;
    private final int permits;
    private final int mostWaiting;
    private final long patienceNanos;
    private final Semaphore free;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;

    /** A place inside, given back once however often it is closed. */
    final class Permit implements AutoCloseable {
        private final AtomicBoolean given = new AtomicBoolean();

        @Override
        public void close() {
            if (given.compareAndSet(false, true)) {
                free.release();
            }
        }
    }

    /** @param patience how long one waits for his turn; {@link Long#MAX_VALUE} nanoseconds are for ever */
    Lane(String what, int permits, int mostWaiting, Duration patience) {
        this.what = what;
        this.permits = permits;
        this.mostWaiting = mostWaiting;
        this.patienceNanos = patience.toNanos();
        this.free = new Semaphore(permits, true);
    }

    Permit enter() {
        if (!acquire()) {
            throw unavailable("waited too long for one of " + permits + " " + what, 5);
        }
        if (closed) {
            free.release(); // So that the next one who waits learns it, too.
            throw unavailable("it is shutting down: no " + what, 5);
        }
        return new Permit();
    }

    <T> T during(Supplier<T> work) {
        Permit permit = enter();
        try {
            return work.get();
        } finally {
            permit.close();
        }
    }

    private boolean acquire() {
        try {
            // Unlike tryAcquire(), the timed one keeps the order.
            if (free.tryAcquire(0, TimeUnit.NANOSECONDS)) {
                return true;
            }
            if (waiting.incrementAndGet() > mostWaiting) {
                waiting.decrementAndGet();
                throw unavailable("more than " + mostWaiting + " callers wait for one of " + permits + " " + what, 10);
            }
            try {
                return free.tryAcquire(patienceNanos, TimeUnit.NANOSECONDS);
            } finally {
                waiting.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while waiting for one of " + permits + " " + what, 1);
        }
    }

    int inside() {
        return Math.max(0, permits - free.availablePermits());
    }

    int waiting() {
        return waiting.get();
    }

    /** Nobody gets in any more, and those who wait are sent away. Who is inside stays. */
    void close() {
        closed = true;
        free.release();
    }

    private static RegistryException.Unavailable unavailable(String message, int seconds) {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, message + "; try again", Optional.of(Duration.ofSeconds(seconds)), null);
    }
}
