package io.entrepot.core.store;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps the small blobs that were read last in memory, so that they can be answered where nothing may block. Needs no
 * rule for what is stale: a key always means the same bytes.
 */
public final class CachingBlobStore implements BlobStore {

    /**
     * How much is kept.
     *
     * @param totalBytes of all blobs together
     * @param blobBytes the largest blob that is kept
     */
    public record Limits(long totalBytes, int blobBytes) {
        public static final Limits DEFAULT = new Limits(32L << 20, 64 << 10);
    }

    /** What an entry costs beside its bytes, roughly: keys, buffers and the cache's own. */
    private static final int ENTRY_BYTES = 400;

    private final BlobStore store;
    private final Limits limits;
    private final Cache<BlobKey, byte[]> cache;

    public CachingBlobStore(BlobStore store, Limits limits) {
        this.store = store;
        this.limits = limits;
        this.cache = CacheBuilder.newBuilder()
                .maximumWeight(limits.totalBytes())
                .weigher((BlobKey key, byte[] bytes) -> bytes.length + ENTRY_BYTES)
                .build();
    }

    @Override
    public Blob open(StoredBlob blob, Reach reach) {
        if (blob.size() > limits.blobBytes()) {
            return store.open(blob, reach);
        }
        byte[] held = cache.getIfPresent(blob.key());
        return held != null && held.length == blob.size() ? new Held(blob.digest(), held) : read(blob, reach);
    }

    private Blob read(StoredBlob stored, Reach reach) {
        Blob blob = store.open(stored, reach);
        if (blob.memory().isPresent()) {
            return blob;
        }
        try (blob;
                InputStream stream = blob.stream(new ByteRange(0, blob.size()))) {
            byte[] bytes = stream.readNBytes((int) blob.size());
            if (bytes.length < blob.size()) {
                throw new IOException("the blob ended after " + bytes.length + " bytes");
            }
            cache.put(stored.key(), bytes);
            return new Held(stored.digest(), bytes);
        } catch (IOException e) {
            throw RegistryException.storage("the bytes of " + stored.digest() + " cannot be read", e);
        }
    }

    @Override
    public BlobWriter begin(String owner, UploadHints hints) {
        return store.begin(owner, hints);
    }

    @Override
    public BlobWriter resume(UploadId id, String owner) {
        return store.resume(id, owner);
    }

    @Override
    public UploadStatus status(UploadId id, String owner) {
        return store.status(id, owner);
    }

    @Override
    public boolean holds(StoredBlob blob) {
        return store.holds(blob);
    }

    @Override
    public void delete(BlobKey key) {
        store.delete(key);
        cache.invalidate(key);
    }

    @Override
    public void settle(BlobKey key) {
        store.settle(key);
    }

    @Override
    public void sweep(Instant idleSince, Predicate<BlobKey> known) {
        store.sweep(idleSince, key -> {
            boolean stays = known.test(key);
            if (!stays) {
                cache.invalidate(key);
            }
            return stays;
        });
    }

    @Override
    public void close() {
        store.close();
        cache.invalidateAll();
    }

    /** A blob in memory; whoever opened it keeps it, whatever becomes of the cache. */
    private static final class Held implements Blob {
        private final Digest digest;
        private final byte[] bytes;

        Held(Digest digest, byte[] bytes) {
            this.digest = digest;
            this.bytes = bytes;
        }

        @Override
        public Digest digest() {
            return digest;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public Optional<ByteBuffer> memory() {
            return Optional.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        }

        @Override
        public InputStream stream(ByteRange range) {
            if (range.end() > size()) {
                throw new IllegalArgumentException("the blob ends at " + size() + ", before " + range);
            }
            return new ByteArrayInputStream(bytes, (int) range.offset(), (int) range.length());
        }

        @Override
        public void close() {
            // Nothing to release.
        }
    }
}
