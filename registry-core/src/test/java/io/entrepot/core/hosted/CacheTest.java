package io.entrepot.core.hosted;

import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;

/** A cache in memory. */
class CacheTest extends CacheContract {
    private final MemoryBlobStore blobs = new MemoryBlobStore(clock);
    private final MemoryMetadata metadata = new MemoryMetadata(clock);

    @Override
    protected BlobStore blobs() {
        return blobs;
    }

    @Override
    protected MetadataStore metadata() {
        return metadata;
    }

    @Override
    protected long storedBytes() {
        return blobs.usedBytes();
    }
}
