package io.entrepot.core.memory;

import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.MetadataStoreContract;

/** The metadata in memory keeps the contract. */
class MemoryMetadataTest extends MetadataStoreContract {
    private final MemoryMetadata metadata = new MemoryMetadata();

    @Override
    protected MetadataStore open() {
        return metadata;
    }

    @Override
    protected MetadataStore sibling() {
        return metadata.sibling();
    }
}
