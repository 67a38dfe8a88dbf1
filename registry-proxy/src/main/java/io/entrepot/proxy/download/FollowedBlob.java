package io.entrepot.proxy.download;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A blob that one reader follows while it is fetched. If there is no room to keep it, and nothing was read yet, its bytes
 * are passed on without being kept.
 */
final class FollowedBlob implements Blob {
    private final Download download;
    private final Supplier<Passage> passages;
    /** What was said to be available last. */
    private volatile long said;

    // Guarded by this.
    private @Nullable HeldBytes held;
    private @Nullable Blob kept;
    private @Nullable Passage passage;
    private boolean closed;

    /** @param passages for a reader that finds no room */
    FollowedBlob(Download download, Supplier<Passage> passages) {
        this.download = download;
        this.passages = passages;
    }

    @Override
    public Digest digest() {
        return download.digest();
    }

    @Override
    public long size() {
        return download.size();
    }

    @Override
    public long available() {
        Optional<Passage> instead = passage();
        if (instead.isPresent()) {
            return instead.get().available();
        }
        said = download.released();
        return said;
    }

    @Override
    public void onMore(Runnable listener) {
        Optional<Passage> instead = passage();
        if (instead.isPresent()) {
            instead.get().onMore(listener);
        } else {
            download.onMore(said, listener);
        }
    }

    @Override
    public Optional<RegistryException> failure() {
        Optional<Passage> instead = passage();
        if (instead.isPresent()) {
            return instead.get().failure();
        }
        return download.full() ? Optional.of(noRoom()) : download.failure();
    }

    /** What comes instead where nothing is kept; only for one that has read nothing from the file. */
    private synchronized Optional<Passage> passage() {
        if (passage == null && download.full() && held == null && !closed) {
            passage = passages.get();
        }
        return Optional.ofNullable(passage);
    }

    private RegistryException noRoom() {
        return new RegistryException.InsufficientStorage(
                "there was no room to keep " + digest() + " while it was fetched: try again", null);
    }

    /** By the one who reads; there is something of it by then. */
    private synchronized void open() {
        if (held != null || kept != null || closed || passage().isPresent()) {
            return;
        }
        held = download.held().orElse(null);
        if (held == null && download.kept()) {
            kept = download.open();
        }
    }

    @Override
    public synchronized Optional<ByteBuffer> memory() {
        if (download.kept() && passage == null) {
            open();
        }
        return kept == null ? Optional.empty() : kept.memory();
    }

    @Override
    public synchronized Optional<FileChannel> file() {
        if (passage().isPresent()) {
            return Optional.empty();
        }
        open();
        return held != null ? held.file() : kept != null ? kept.file() : Optional.empty();
    }

    @Override
    public synchronized InputStream stream(ByteRange range) {
        if (range.end() > size()) {
            throw new IllegalArgumentException("the blob ends at " + size() + ", before " + range);
        }
        Optional<Passage> instead = passage();
        return instead.isPresent() ? instead.get().stream(range) : new FollowedStream(this, range);
    }

    /** Reads from what is held, or from the cache if that is where it is by now; as many as are available and fit. */
    int read(long at, ByteBuffer into) {
        HeldBytes from;
        synchronized (this) {
            open();
            from = held;
        }
        return from == null ? 0 : from.read(at, into);
    }

    /** A range that is not held any more: it is kept by now, or is passed on. */
    synchronized InputStream elsewhere(ByteRange range) throws IOException {
        Optional<Passage> instead = passage();
        if (instead.isPresent()) {
            return instead.get().stream(range);
        }
        open();
        if (kept == null) {
            throw new IOException("nothing is held of " + digest());
        }
        return kept.stream(range);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (held != null) {
                held.close();
            }
            if (kept != null) {
                kept.close();
            }
            if (passage != null) {
                passage.close();
            }
        }
        download.leave();
    }
}
