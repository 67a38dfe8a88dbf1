package io.entrepot.server;

import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;

/** The stores of one server, by the names that the settings give them. */
interface Stores {
    BlobStore blobs(String blobStore);

    /** What a registry knows of its content, whose bytes are in this blob store. Made anew if it is a new registry. */
    MetadataStore metadata(String registry, String blobStore);

    /** What a proxy registry remembers besides content. {@link #metadata} must have been asked for before. */
    ProxyState state(String registry);

    /** How many bytes a blob store could still take. */
    long freeBytes(String blobStore);

    /** The one store of documents, whoever keeps them. */
    DocumentStore documents();
}
