package io.entrepot.core.memory;

import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.DocumentStoreContract;
import java.util.Optional;

/** Documents in memory keep the contract. */
class MemoryDocumentsTest extends DocumentStoreContract {
    private final DocumentStore store = new MemoryDocuments();

    @Override
    protected DocumentStore open() {
        return store;
    }

    @Override
    protected DocumentStore another() {
        return store;
    }

    @Override
    protected Optional<DocumentStore> reopen() {
        return Optional.empty();
    }
}
