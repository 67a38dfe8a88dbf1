package io.entrepot.proxy.download;

import io.entrepot.core.Blob;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The downloads into one blob store: each digest is fetched once at a time, whoever wants it. Whoever opens one may have
 * the bytes: that is for the caller to know.
 */
public final class Downloads implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    /** Bytes that nobody was told of yet are told of after so long at the latest. */
    private static final long TICK_MILLIS = 10;

    private static final long GRACE_SECONDS = 20;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final DownloadOptions options;
    private final Map<Digest, Download> running = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService ticker;
    /** Guarded by this. */
    private boolean ticking;

    public Downloads(DownloadOptions options) {
        this.options = options;
        this.threads = new ThreadPoolExecutor(
                0, options.transfers(), 30, TimeUnit.SECONDS, new SynchronousQueue<>(), named("entrepot-download-"));
        this.ticker = Executors.newSingleThreadScheduledExecutor(named("entrepot-download-ticker-"));
    }

    private static ThreadFactory named(String prefix) {
        return task -> {
            Thread thread = new Thread(task, prefix + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * A reader of the blob, which is being fetched from now on if it was not already. Returns at once: nothing of it may be
     * available yet, nor may it be there at all, which its {@link Blob#failure} says then.
     *
     * @param size what a manifest or the upstream says of it; other bytes are not its
     * @throws RegistryException.Unavailable if too many are fetched already
     */
    public Blob open(Digest digest, long size, Origin origin) {
        while (true) {
            Download download = running.computeIfAbsent(digest, d -> begin(digest, size, origin));
            tickOn();
            requireSize(download, size);
            if (download.join()) {
                return new FollowedBlob(download, () -> passage(digest, size, origin));
            }
            running.remove(digest, download);
        }
    }

    private static void requireSize(Download download, long size) {
        if (download.size() != size) {
            throw new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE,
                    "blob " + download.digest() + " is said to have " + size + " bytes and " + download.size()
                            + " bytes",
                    Optional.of(RETRY_AFTER),
                    null);
        }
    }

    /** While something is under way, and no longer. */
    private synchronized void tickOn() {
        if (!ticking && closing.getCount() > 0) {
            ticking = true;
            ScheduledFuture<?> unused = ticker.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        running.values().forEach(Download::tick);
        synchronized (this) {
            ticking = false;
            if (!running.isEmpty()) {
                tickOn();
            }
        }
    }

    /** Whether somebody fetches it now. */
    public boolean fetches(Digest digest) {
        return running.containsKey(digest);
    }

    private Download begin(Digest digest, long size, Origin origin) {
        Download download = new Download(digest, size, origin, options, closing);
        start(() -> {
            try {
                download.run();
            } finally {
                running.remove(digest, download);
                download.wake();
            }
        });
        return download;
    }

    private Passage passage(Digest digest, long size, Origin origin) {
        Passage passage = new Passage(digest, size, origin);
        start(passage);
        return passage;
    }

    private void start(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            throw new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE,
                    closing.getCount() == 0
                            ? "this registry is shutting down: try again in a moment"
                            : "too many blobs are being fetched from other registries: try again in a moment",
                    Optional.of(RETRY_AFTER),
                    null);
        }
    }

    /** What is under way, for those who watch. */
    public List<Progress> progress() {
        return running.values().stream().map(Download::progress).toList();
    }

    /** How far a download has come. */
    public record Progress(Digest digest, long size, long received, int readers) {}

    /** Breaks off what is under way, each where a later process can go on, and waits until no thread is left. */
    @Override
    public void close() {
        closing.countDown();
        running.values().forEach(Download::breakOff);
        threads.shutdown();
        ticker.shutdown();
        try {
            if (!threads.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
