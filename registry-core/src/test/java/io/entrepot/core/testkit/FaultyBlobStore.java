package io.entrepot.core.testkit;

import io.entrepot.core.Blob;
import io.entrepot.core.Digest;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.Reach;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** A blob store of which one call fails, those of its writers included. */
public record FaultyBlobStore(BlobStore store, Faults faults) implements BlobStore {
    @Override
    public BlobWriter begin(String owner, UploadHints hints) {
        return new FaultyWriter(faults.call("begin", () -> store.begin(owner, hints)), faults);
    }

    @Override
    public BlobWriter resume(UploadId id, String owner) {
        return new FaultyWriter(faults.call("resume", () -> store.resume(id, owner)), faults);
    }

    @Override
    public UploadStatus status(UploadId id, String owner) {
        return faults.call("status", () -> store.status(id, owner));
    }

    @Override
    public Blob open(StoredBlob blob, Reach reach) {
        return faults.call("open", () -> store.open(blob, reach));
    }

    @Override
    public boolean holds(StoredBlob blob) {
        return faults.call("holds", () -> store.holds(blob));
    }

    @Override
    public void delete(BlobKey key) {
        faults.run("delete object", () -> store.delete(key));
    }

    @Override
    public void settle(BlobKey key) {
        faults.run("settle", () -> store.settle(key));
    }

    @Override
    public void sweep(Instant idleSince, Predicate<BlobKey> known) {
        faults.run("sweep", () -> store.sweep(idleSince, known));
    }

    @Override
    public void close() {
        store.close();
    }

    private record FaultyWriter(BlobWriter writer, Faults faults) implements BlobWriter {
        @Override
        public UploadId id() {
            return writer.id();
        }

        @Override
        public long offset() {
            return writer.offset();
        }

        @Override
        public void append(long at, ByteBuffer bytes) {
            faults.run("append", () -> writer.append(at, bytes));
        }

        @Override
        public StoredBlob commit(Digest digest) {
            return faults.call("commit", () -> writer.commit(digest));
        }

        @Override
        public Optional<HeldBytes> held() {
            return faults.call("held", writer::held);
        }

        @Override
        public void cancel() {
            faults.run("cancel", writer::cancel);
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}
