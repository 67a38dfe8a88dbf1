package io.entrepot.core.store;

import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Memory before metadata stores that nobody writes to but through it. One for all registries over one database: they
 * share its room, and what the collector takes from one blob store is gone for all of them. Safe for all threads.
 */
public final class MetadataCache {
    public static final long DEFAULT_BYTES = 64L << 20;

    /** Larger manifests are rare, and a few of them would fill the room. */
    private static final int LARGEST_MANIFEST = 256 << 10;

    /** A blob's answer needs few bytes, a manifest's many. */
    private static final int BLOB_PART = 8;

    /** Broadly written by repository, where deleting a manifest takes tags with it that nobody named. */
    final Shelf<Manifest> manifests;

    /** Broadly written as a whole, when the collector takes blobs from all that have them. */
    final Shelf<ClaimedBlob> blobs;

    /** Digests whose next object is everybody's who refers to them, and not only his who brings it. */
    final Set<Digest> damaged = ConcurrentHashMap.newKeySet();

    final InstantSource clock;

    /** A blob, and the lease under which it was last given out from here. */
    record ClaimedBlob(StoredBlob blob, Optional<Lease> lease) {}

    /** @param maxBytes about as much memory it takes at most */
    public MetadataCache(long maxBytes, InstantSource clock) {
        this.clock = clock;
        this.manifests = new Shelf<>(
                maxBytes - maxBytes / BLOB_PART, MetadataCache::repositoryHash, Manifest::size, LARGEST_MANIFEST);
        this.blobs = new Shelf<>(maxBytes / BLOB_PART, key -> 0, blob -> 0, 0);
    }

    /** The store with this memory before it. From now on nothing is written to the store but through this memory. */
    public MetadataStore before(MetadataStore store) {
        return new CachingMetadata(store, this);
    }

    static int repositoryHash(Shelf.Key key) {
        return 31 * key.owner().hashCode() + key.repository().hashCode();
    }
}
