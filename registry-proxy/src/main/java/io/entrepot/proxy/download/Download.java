package io.entrepot.proxy.download;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Upload;
import io.entrepot.proxy.download.Downloads.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One blob on its way. One thread reads it from the upstream and appends it to an upload; what is appended may be read by
 * all who follow, except for the last {@value #HELD_BACK} bytes, which are theirs only when the digest has proved right.
 */
final class Download implements Runnable {
    /** What a reader lacks until it is known that the bytes are right: without it a body is never complete. */
    static final long HELD_BACK = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Download.class);
    private static final int BUFFER = 64 << 10;
    /** Who waits is told after so many bytes, or by the next tick. */
    private static final long TELL_AFTER = 256 << 10;
    /** So many bytes more, and what failed before does not count. */
    private static final long PROGRESS = 1 << 20;

    private static final int TRIES_FOR_NOTHING = 2;
    private static final Duration SHORT_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long WORTH_FINISHING = 64 << 20;

    /** How it ended: kept, full, or failed. */
    private record End(boolean kept, boolean full, Optional<RegistryException> failure) {}

    private final Digest digest;
    private final long size;
    private final Origin origin;
    private final DownloadOptions options;
    private final CountDownLatch closing;
    private final Waiters waiters = new Waiters();

    private volatile long written;
    private volatile long told;
    private volatile @Nullable Upload upload;
    private volatile @Nullable Blob source;
    private volatile @Nullable End end;
    private volatile boolean abandoned;
    /** Guarded by this. */
    private int readers;

    /** Whether anybody ever was its reader. Guarded by this. */
    private boolean joined;

    /** @param closing is at zero when everything is to end */
    Download(Digest digest, long size, Origin origin, DownloadOptions options, CountDownLatch closing) {
        this.digest = digest;
        this.size = size;
        this.origin = origin;
        this.options = options;
        this.closing = closing;
    }

    long size() {
        return size;
    }

    Digest digest() {
        return digest;
    }

    /** How many bytes from the beginning may be read. */
    long released() {
        End ended = end;
        return ended != null && ended.kept ? size : Math.max(0, Math.min(written, size - HELD_BACK));
    }

    Optional<RegistryException> failure() {
        End ended = end;
        return ended == null ? Optional.empty() : ended.failure;
    }

    /** Whether it was given up because there is no room for it. */
    boolean full() {
        End ended = end;
        return ended != null && ended.full;
    }

    boolean kept() {
        End ended = end;
        return ended != null && ended.kept;
    }

    /** Runs {@code listener} once, when more than {@code seen} is released or nothing more will come. */
    void onMore(long seen, Runnable listener) {
        waiters.add(listener);
        if (released() > seen || end != null) {
            waiters.wake();
        }
    }

    void wake() {
        waiters.wake();
    }

    /** Tells those who wait of what came since they were told last. */
    void tick() {
        if (written > told && !waiters.none()) {
            told = written;
            waiters.wake();
        }
    }

    /** What is appended so far, for one reader; empty when it is no longer an upload. */
    Optional<HeldBytes> held() {
        Upload open = upload;
        return open == null ? Optional.empty() : open.held();
    }

    /** The whole blob, once it is kept. */
    Blob open() {
        return origin.kept();
    }

    /** One reader more; false if it was given up meanwhile. The first may always: he is told how it ended. */
    synchronized boolean join() {
        if (abandoned && joined) {
            return false;
        }
        joined = true;
        readers++;
        return true;
    }

    synchronized void leave() {
        readers--;
        long left = size - written;
        if (readers == 0 && !origin.finish() && left > Math.max(WORTH_FINISHING, size / 2)) {
            breakOff();
        }
    }

    synchronized Progress progress() {
        return new Progress(digest, size, written, readers);
    }

    /** Ends it as soon as possible, where it can go on later. */
    void breakOff() {
        abandoned = true;
        Blob open = source;
        if (open != null) {
            // Whoever reads from it wakes up with an exception.
            open.close();
        }
    }

    @Override
    public void run() {
        Upload into = null;
        Origin.Result result = Origin.Result.BROKEN_OFF;
        End how;
        try {
            if (!origin.there()) {
                into = begin();
                transfer(into);
                into.commit(digest);
                result = Origin.Result.KEPT;
            }
            how = new End(true, false, Optional.empty());
        } catch (RegistryException.InsufficientStorage e) {
            LOG.warn("there is no room to keep {} ({} bytes): it is passed on without", digest, size);
            result = Origin.Result.DISCARDED;
            how = new End(false, true, Optional.empty());
        } catch (RegistryException.Invalid e) {
            LOG.warn(
                    "what the upstream sends for {} is something else, and nothing of it is kept: {}",
                    digest,
                    e.getMessage());
            result = Origin.Result.DISCARDED;
            how = failed(corrupt(digest));
        } catch (RegistryException.Unknown | RegistryException.Denied e) {
            result = Origin.Result.DISCARDED;
            origin.absent(e);
            how = failed(RegistryException.unknownBlob(digest));
        } catch (RegistryException e) {
            how = failed(e);
        } catch (RuntimeException | Error e) {
            LOG.error("fetching {} failed", digest, e);
            how = failed(RegistryException.storage("the blob could not be fetched", e));
        }
        try {
            if (into != null) {
                origin.ended(into, result);
                into.close();
            }
        } catch (RuntimeException e) {
            LOG.warn("what is left of the download of {} could not be put away", digest, e);
        }
        synchronized (this) {
            abandoned = true;
            end = how;
        }
        wake();
    }

    private static End failed(RegistryException why) {
        return new End(false, false, Optional.of(why));
    }

    private Upload begin() {
        Upload into;
        try {
            into = origin.upload();
        } catch (RegistryException.InsufficientStorage e) {
            if (!origin.makeRoom()) {
                throw e;
            }
            into = origin.upload();
        }
        written = Math.min(into.offset(), size);
        upload = into;
        return into;
    }

    /** Fetches what is missing, in as many tries as it takes. */
    private void transfer(Upload into) {
        int failures = 0;
        long mark = written;
        try {
            while (into.offset() < size) {
                Throwable why;
                try {
                    copy(open(failures), into);
                    why = new IOException(
                            "the upstream's answer ended after " + into.offset() + " of " + size + " bytes");
                } catch (RegistryException.InsufficientStorage e) {
                    throw e;
                } catch (IOException | RegistryException.Unavailable e) {
                    why = e;
                }
                if (into.offset() < size) {
                    failures = written - mark >= PROGRESS ? 1 : failures + 1;
                    mark = written;
                    retry(failures, why);
                }
            }
        } finally {
            closeSource();
        }
    }

    /** The same place at first; from the second failure on perhaps another one. */
    private Blob open(int failures) {
        if (failures > 1) {
            closeSource();
        }
        Blob open = source;
        if (open == null) {
            open = origin.upstream();
            source = open;
            if (open.size() != size) {
                throw RegistryException.invalidDigest(
                        "the upstream says that " + digest + " has " + open.size() + " bytes, and not " + size);
            }
        }
        if (abandoned) {
            throw brokenOff();
        }
        return open;
    }

    private void closeSource() {
        Blob open = source;
        source = null;
        if (open != null) {
            open.close();
        }
    }

    private void copy(Blob from, Upload into) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = from.stream(new ByteRange(into.offset(), size - into.offset()))) {
            while (into.offset() < size) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, size - into.offset()));
                if (n < 0) {
                    return;
                }
                append(into, buffer, n);
            }
        }
    }

    private void append(Upload into, byte[] buffer, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
        try {
            into.append(into.offset(), bytes);
        } catch (RegistryException.InsufficientStorage e) {
            if (!origin.makeRoom()) {
                throw e;
            }
            into.append(into.offset(), bytes);
        }
        boolean first = written == 0;
        written = into.offset();
        if (first || written - told >= TELL_AFTER) {
            told = written;
            waiters.wake();
        }
    }

    private void retry(int failures, Throwable why) {
        if (abandoned || closing.getCount() == 0) {
            throw brokenOff();
        }
        if (failures >= options.tries() || written == 0 && (failures >= TRIES_FOR_NOTHING || mustWait(why))) {
            throw why instanceof RegistryException.Unavailable e
                    ? e
                    : new RegistryException.Unavailable(
                            ErrorCode.UNAVAILABLE,
                            "blob " + digest + " could not be fetched: the upstream's answers break off",
                            Optional.empty(),
                            why);
        }
        Duration pause = pause(failures, why);
        LOG.debug("fetching {} broke off at byte {} and goes on in {}: {}", digest, written, pause, why.toString());
        try {
            if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                throw brokenOff();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw brokenOff();
        }
    }

    /** Nobody has a byte of it yet, so that everybody can be told when to come back. */
    private static boolean mustWait(Throwable why) {
        return why instanceof RegistryException.Unavailable e
                && e.retryAfter()
                        .filter(wait -> wait.compareTo(SHORT_PAUSE) > 0)
                        .isPresent();
    }

    private Duration pause(int failures, Throwable why) {
        Duration doubled = options.pause().multipliedBy(1L << Math.min(failures - 1, 6));
        Duration asked =
                why instanceof RegistryException.Unavailable e ? e.retryAfter().orElse(doubled) : doubled;
        Duration longer = asked.compareTo(doubled) > 0 ? asked : doubled;
        Duration bounded = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
        return bounded.plusMillis(ThreadLocalRandom.current().nextLong(bounded.toMillis() / 4 + 1));
    }

    private RegistryException brokenOff() {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, "the download of " + digest + " was broken off", Optional.empty(), null);
    }

    /** Bytes that are not what they are called. */
    static RegistryException.Unavailable corrupt(Digest digest) {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE,
                "the upstream sent bytes that are not those of " + digest,
                Optional.of(LONGEST_PAUSE),
                null);
    }
}
