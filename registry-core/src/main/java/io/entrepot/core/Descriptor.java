package io.entrepot.core;

import java.util.Map;
import java.util.Optional;

/**
 * What one piece of content says of another (image specification, "Content Descriptors"): its type, address and size in
 * bytes. The artifact type and the annotations stand in lists of referrers and of an index's children.
 */
public record Descriptor(
        MediaType mediaType,
        Digest digest,
        long size,
        Optional<MediaType> artifactType,
        Map<String, String> annotations) {

    public Descriptor {
        if (size < 0) {
            throw RegistryException.invalidManifest("a descriptor's size cannot be negative");
        }
        annotations = Map.copyOf(annotations);
    }

    public Descriptor(MediaType mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Optional.empty(), Map.of());
    }

    /** A blob's: registries do not know what their bytes are. */
    public static Descriptor ofBlob(Digest digest, long size) {
        return new Descriptor(MediaType.OCTET_STREAM, digest, size);
    }
}
