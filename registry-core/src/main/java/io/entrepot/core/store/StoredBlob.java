package io.entrepot.core.store;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;

/** An object that is whole and durable in a blob store, and its size in bytes. */
public record StoredBlob(BlobKey key, long size) {
    public Digest digest() {
        return key.digest();
    }

    public Descriptor descriptor() {
        return Descriptor.ofBlob(digest(), size);
    }
}
