package io.entrepot.server;

import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.MetadataStore;
import java.util.HashMap;
import java.util.Map;

/** Nothing on disk, and nothing left at the end. */
final class MemoryStores implements Stores {
    private final Map<String, MemoryBlobStore> blobs = new HashMap<>();
    private final Map<String, MemoryMetadata> metadata = new HashMap<>();
    private final DocumentStore documents = new MemoryDocuments();

    @Override
    public BlobStore blobs(String blobStore) {
        return blobs.computeIfAbsent(blobStore, name -> new MemoryBlobStore());
    }

    @Override
    public MetadataStore metadata(String registry, String blobStore) {
        return metadata.computeIfAbsent(blobStore, name -> new MemoryMetadata()).sibling();
    }

    @Override
    public DocumentStore documents() {
        return documents;
    }
}
