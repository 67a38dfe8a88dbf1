package io.entrepot.proxy.download;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blob on its way through to one reader, kept nowhere: what comes is held in a small buffer until it is read. Here, too,
 * the last bytes are given out only when the digest has proved right.
 */
final class Passage implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Passage.class);
    private static final int CAPACITY = 1 << 20;
    private static final int PORTION = 64 << 10;

    private final Digest digest;
    private final long size;
    private final Origin origin;
    private final Waiters waiters = new Waiters();
    /** The bytes from {@code base} to {@code written}, each at its place modulo the capacity. Guarded by this. */
    private final byte[] ring = new byte[CAPACITY];

    // Guarded by this.
    private long base;
    private long written;
    private long said;
    private boolean proved;
    private boolean reading;
    private boolean closed;
    private @Nullable RegistryException failure;
    private @Nullable Blob source;

    Passage(Digest digest, long size, Origin origin) {
        this.digest = digest;
        this.size = size;
        this.origin = origin;
    }

    synchronized long available() {
        said = released();
        return said;
    }

    private long released() {
        return proved ? written : Math.max(0, Math.min(written, size - Download.HELD_BACK));
    }

    synchronized Optional<RegistryException> failure() {
        return Optional.ofNullable(failure);
    }

    void onMore(Runnable listener) {
        waiters.add(listener);
        boolean now;
        synchronized (this) {
            now = released() > said || failure != null || closed;
            if (!now && !reading && written - base == CAPACITY) {
                // Whoever waits although the buffer is full wants a later part.
                base = written;
                notifyAll();
            }
        }
        if (now) {
            waiters.wake();
        }
    }

    @Override
    public void run() {
        try (Blob from = origin.upstream()) {
            synchronized (this) {
                source = from;
                if (closed) {
                    return;
                }
            }
            if (from.size() != size) {
                throw Download.corrupt(digest);
            }
            MessageDigest hash = digest.algorithm().newMessageDigest();
            try (InputStream in = from.stream(new ByteRange(0, size))) {
                byte[] portion = new byte[PORTION];
                for (int n = in.read(portion); n >= 0 && take(portion, n); n = in.read(portion)) {
                    hash.update(portion, 0, n);
                }
            }
            prove(Digest.of(digest.algorithm(), hash));
        } catch (RegistryException e) {
            fail(e);
        } catch (IOException e) {
            fail(new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE, "the upstream's answer broke off", Optional.empty(), e));
        } catch (RuntimeException | Error e) {
            LOG.error("passing on {} failed", digest, e);
            fail(RegistryException.storage("the blob could not be passed on", e));
        }
    }

    /** Waits for room; false if nobody reads any more. */
    private boolean take(byte[] bytes, int length) {
        int taken = 0;
        while (taken < length) {
            synchronized (this) {
                while (!closed && written - base == CAPACITY) {
                    pause();
                }
                if (closed) {
                    return false;
                }
                int at = (int) (written % CAPACITY);
                int part = (int) Math.min(Math.min(length - taken, CAPACITY - at), CAPACITY - (written - base));
                System.arraycopy(bytes, taken, ring, at, part);
                written += part;
                taken += part;
                notifyAll();
            }
            waiters.wake();
        }
        return true;
    }

    private void prove(Digest found) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (written == size && found.equals(digest)) {
                proved = true;
            } else {
                failure = Download.corrupt(digest);
            }
            notifyAll();
        }
        waiters.wake();
    }

    private void fail(RegistryException why) {
        synchronized (this) {
            failure = why;
            notifyAll();
        }
        waiters.wake();
    }

    @SuppressWarnings("WaitNotInLoop") // Its callers loop.
    private void pause() {
        boolean interrupted = false;
        try {
            wait();
        } catch (InterruptedException e) {
            interrupted = true;
            closed = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One reader, from front to back. */
    synchronized InputStream stream(ByteRange range) {
        reading = true;
        return new InputStream() {
            private long at = range.offset();

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (at >= range.end()) {
                    return -1;
                }
                int n = copy(at, bytes, offset, (int) Math.min(length, range.end() - at));
                at += n;
                return n;
            }
        };
    }

    private synchronized int copy(long at, byte[] bytes, int offset, int length) throws IOException {
        if (at < base) {
            throw new IOException("byte " + at + " of " + digest + " was not kept");
        }
        while (released() <= at) {
            if (failure != null) {
                throw new IOException(failure);
            }
            if (closed) {
                throw new IOException("closed");
            }
            base = Math.min(at, written);
            notifyAll();
            pause();
        }
        int from = (int) (at % CAPACITY);
        int n = (int) Math.min(Math.min(length, CAPACITY - from), released() - at);
        System.arraycopy(ring, from, bytes, offset, n);
        base = at + n;
        notifyAll();
        return n;
    }

    void close() {
        Blob open;
        synchronized (this) {
            closed = true;
            open = source;
            notifyAll();
        }
        if (open != null) {
            open.close();
        }
    }
}
