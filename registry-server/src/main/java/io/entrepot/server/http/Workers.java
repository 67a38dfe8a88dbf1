package io.entrepot.server.http;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads for all that an IO thread may not do, sorted by what they wait for, so that one kind of work does not hold
 * up another. None of them ever waits for a client, and none is ever interrupted: that would close the files that it
 * reads.
 */
public final class Workers implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long GRACE_SECONDS = 30;

    /**
     * How many threads of each kind, how many tasks of the first two may wait, how many buffers of 256 KiB there are for
     * bodies on their way to disk, and how many bytes of others may be held in memory.
     */
    public record Sizes(int quick, int durable, int bulk, int waiting, int buffers, long bodyBytes) {
        private static final long LEAST_BODY_BYTES = 16 << 20;

        /** For a machine with this many cores and a heap that may grow this large. */
        public static Sizes of(int cores, long heapBytes) {
            long bodyBytes = Math.max(LEAST_BODY_BYTES, heapBytes / 16);
            return new Sizes(Math.max(8, 4 * cores), 32, Math.max(4, 2 * cores), 2048, 128, bodyBytes);
        }
    }

    /** They wait for other hosts, which may be slow; each of these may have so many waiting as it is allowed to. */
    private static final int FAR = 128;

    private static final int FAR_WAITING = 1024;

    /** Passwords are hashed a few at a time anyway; what waits here beyond that is directories that are slow. */
    private static final int LOGINS = 16;

    private static final int LOGINS_WAITING = 256;

    private final ThreadPoolExecutor logins;
    private final ThreadPoolExecutor quick;
    private final ThreadPoolExecutor far;
    private final ThreadPoolExecutor durable;
    private final ThreadPoolExecutor bulk;
    private final Buffers buffers;
    private final Budget bodies;

    public Workers() {
        this(Sizes.of(
                Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory()));
    }

    public Workers(Sizes sizes) {
        logins = pool("entrepot-login-", LOGINS, LOGINS_WAITING);
        quick = pool("entrepot-quick-", sizes.quick(), sizes.waiting());
        far = pool("entrepot-far-", FAR, FAR_WAITING);
        durable = pool("entrepot-durable-", sizes.durable(), sizes.waiting());
        // Every request has at most one slice or buffer here at a time: connections bound it.
        bulk = pool("entrepot-bulk-", sizes.bulk(), Integer.MAX_VALUE);
        buffers = new Buffers(sizes.buffers());
        bodies = new Budget(sizes.bodyBytes());
    }

    /**
     * For finding out who somebody is.
     *
     * @throws RegistryException.Unavailable (TOOMANYREQUESTS) if too many are waiting already
     */
    void login(Runnable task) {
        try {
            logins.execute(task);
        } catch (RejectedExecutionException e) {
            throw new RegistryException.Unavailable(
                    ErrorCode.TOOMANYREQUESTS,
                    "too many are logging in: try again in a moment",
                    Optional.of(RETRY_AFTER),
                    null);
        }
    }

    /**
     * For short calls: look-ups, opening and closing.
     *
     * @throws RegistryException.Unavailable if too much is waiting already
     */
    void quick(Runnable task) {
        submit(quick, task);
    }

    /**
     * For calls that may ask other hosts, and so may take long: whatever waits here, nothing else does.
     *
     * @throws RegistryException.Unavailable if too much is waiting already
     */
    void far(Runnable task) {
        submit(far, task);
    }

    /**
     * For calls that end in a sync of the disk. Many wait at once, so that one sync can serve many.
     *
     * @throws RegistryException.Unavailable if too much is waiting already
     */
    void durable(Runnable task) {
        submit(durable, task);
    }

    /** For one slice of a body that is sent, or one buffer of a body that is received. */
    void bulk(Runnable task) {
        submit(bulk, task);
    }

    /** Whether nothing waits for a thread of {@link #bulk}, so that whoever has one may keep it a little longer. */
    boolean bulkIsFree() {
        return bulk.getQueue().isEmpty();
    }

    Buffers buffers() {
        return buffers;
    }

    Budget bodies() {
        return bodies;
    }

    private static void submit(ThreadPoolExecutor pool, Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            throw pool.isShutdown()
                    ? unavailable("this registry is shutting down: try again in a moment")
                    : overloaded();
        }
    }

    static RegistryException.Unavailable overloaded() {
        return unavailable("this registry is overloaded: try again in a moment");
    }

    private static RegistryException.Unavailable unavailable(String message) {
        return new RegistryException.Unavailable(ErrorCode.UNAVAILABLE, message, Optional.of(RETRY_AFTER), null);
    }

    private static ThreadPoolExecutor pool(String name, int threads, int waiting) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Takes no more work and waits, for some seconds, until what was begun has ended. Call it after the listeners stopped. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
        try {
            // What waits for other hosts comes last: it may take all the time that there is.
            for (ThreadPoolExecutor pool : new ThreadPoolExecutor[] {logins, quick, durable, bulk, far}) {
                pool.shutdown();
                pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
