package io.entrepot.core.memory;

import io.entrepot.core.Digest;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/**
 * An upload session of a {@link MemoryBlobStore}. Its monitor guards everything here but {@link #offset}: whoever takes
 * the session over waits for it, and so until the older writer has stopped.
 */
final class MemorySession {
    private final MemoryBlobStore store;
    private final UploadId id;
    private final String owner;
    private final Chunks bytes = new Chunks();
    private final MessageDigest sha256 = Digest.Algorithm.SHA256.newMessageDigest();
    private volatile long offset;
    private Instant touched;
    private boolean ended;
    /** Counts takeovers: a writer writes while this is the number that it was given. */
    private int turn;

    MemorySession(MemoryBlobStore store, UploadId id, String owner, Instant now) {
        this.store = store;
        this.id = id;
        this.owner = owner;
        this.touched = now;
    }

    UploadId id() {
        return id;
    }

    String owner() {
        return owner;
    }

    long offset() {
        return offset;
    }

    synchronized Instant touched() {
        return touched;
    }

    synchronized BlobWriter takeOver() {
        if (ended) {
            throw RegistryException.unknownUpload(id);
        }
        touched = store.now();
        return new Writer(++turn);
    }

    synchronized void endWriter() {
        turn++;
    }

    /** Discards the bytes, if nobody has touched them since {@code since}. */
    synchronized void endIfIdle(Instant since) {
        if (touched.isBefore(since)) {
            end();
        }
    }

    synchronized void end() {
        if (!ended) {
            ended = true;
            store.ended(this);
            store.release(bytes.size());
        }
    }

    private synchronized void append(int writer, long at, ByteBuffer more) {
        requireTurn(writer);
        if (at != offset) {
            throw new RegistryException.OutOfOrder(offset, "the upload goes on at byte " + offset + ", not at " + at);
        }
        store.reserve(more.remaining());
        touched = store.now();
        sha256.update(more.duplicate());
        bytes.append(more);
        offset = bytes.size();
    }

    private synchronized StoredBlob commit(int writer, Digest digest) {
        requireTurn(writer);
        if (!digestIs(digest)) {
            end();
            throw RegistryException.invalidDigest("the bytes that were uploaded do not have the digest " + digest);
        }
        bytes.finish();
        ended = true;
        StoredBlob stored = new StoredBlob(new BlobKey(digest, id), bytes.size());
        store.committed(this, stored.key(), bytes);
        return stored;
    }

    private boolean digestIs(Digest digest) {
        MessageDigest hash = sha256;
        if (digest.algorithm() != Digest.Algorithm.SHA256) {
            hash = digest.algorithm().newMessageDigest();
            bytes.hash(hash);
        }
        return Digest.of(digest.algorithm(), hash).equals(digest);
    }

    /** Also when the session is over: those who read along may finish. */
    private synchronized int read(long at, ByteBuffer into) {
        return bytes.read(at, into);
    }

    private synchronized void cancel(int writer) {
        requireTurn(writer);
        end();
    }

    private synchronized void leave(int writer) {
        if (writer == turn) {
            turn++;
        }
    }

    private void requireTurn(int writer) {
        if (ended || writer != turn) {
            throw RegistryException.unknownUpload(id);
        }
    }

    private final class Writer implements BlobWriter {
        private final int number;

        Writer(int number) {
            this.number = number;
        }

        @Override
        public UploadId id() {
            return id;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public void append(long at, ByteBuffer more) {
            MemorySession.this.append(number, at, more);
        }

        @Override
        public StoredBlob commit(Digest digest) {
            return MemorySession.this.commit(number, digest);
        }

        @Override
        public Optional<HeldBytes> held() {
            return Optional.of(new Held());
        }

        @Override
        public void cancel() {
            MemorySession.this.cancel(number);
        }

        @Override
        public void close() {
            leave(number);
        }
    }

    private final class Held implements HeldBytes {
        @Override
        public int read(long at, ByteBuffer into) {
            return MemorySession.this.read(at, into);
        }

        @Override
        public Optional<FileChannel> file() {
            return Optional.empty();
        }

        @Override
        public void close() {
            // Nothing to release.
        }
    }
}
