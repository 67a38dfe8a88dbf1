package io.entrepot.server;

import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Nothing on disk, and nothing left at the end. */
final class MemoryStores implements Stores {
    /** Of the heap, which blobs may have. */
    private static final int HEAP_PART = 2;

    private final Map<String, MemoryBlobStore> blobs = new HashMap<>();
    private final Map<String, MemoryMetadata> stores = new HashMap<>();
    private final Map<String, MemoryMetadata> registries = new HashMap<>();
    private final DocumentStore documents = new MemoryDocuments();

    @Override
    public BlobStore blobs(String blobStore) {
        return blobs.computeIfAbsent(blobStore, name -> new MemoryBlobStore());
    }

    @Override
    public MetadataStore metadata(String registry, String blobStore) {
        return registries.computeIfAbsent(
                registry,
                name -> stores.computeIfAbsent(blobStore, store -> new MemoryMetadata())
                        .sibling());
    }

    @Override
    public ProxyState state(String registry) {
        return Optional.ofNullable(registries.get(registry)).orElseThrow().proxyState();
    }

    @Override
    public long freeBytes(String blobStore) {
        return Runtime.getRuntime().maxMemory() / HEAP_PART;
    }

    @Override
    public DocumentStore documents() {
        return documents;
    }
}
