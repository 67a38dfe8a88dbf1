package io.entrepot.core.store;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Links;
import io.entrepot.core.Manifest;
import io.entrepot.core.PutOptions;
import java.util.List;

/**
 * A manifest to be stored: the bytes, what they refer to, how they are put, and which of the blobs must be in the
 * repository, each with the size that the manifest says, for the put to happen.
 */
public record ManifestPut(Manifest manifest, Links links, List<Descriptor> required, PutOptions options) {
    public ManifestPut {
        required = List.copyOf(required);
    }
}
