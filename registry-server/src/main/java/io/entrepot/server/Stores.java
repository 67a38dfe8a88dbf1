package io.entrepot.server;

import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.MetadataStore;

/** The stores of one server, by the names that the settings give them. */
interface Stores {
    BlobStore blobs(String blobStore);

    /** What a registry knows of its content, whose bytes are in this blob store. Made anew if it is a new registry. */
    MetadataStore metadata(String registry, String blobStore);

    /** The one store of documents, whoever keeps them. */
    DocumentStore documents();
}
