package io.entrepot.core;

/**
 * A media or artifact type, compared as written. Registries must not judge types that they do not know, so any 1 to
 * 255 visible ASCII characters pass; a parameter ({@code ; charset=…}) is not part of it.
 */
public record MediaType(String value) implements Comparable<MediaType> {
    public static final MediaType OCI_MANIFEST = new MediaType("application/vnd.oci.image.manifest.v1+json");
    public static final MediaType OCI_INDEX = new MediaType("application/vnd.oci.image.index.v1+json");
    public static final MediaType DOCKER_MANIFEST =
            new MediaType("application/vnd.docker.distribution.manifest.v2+json");
    public static final MediaType DOCKER_LIST =
            new MediaType("application/vnd.docker.distribution.manifest.list.v2+json");
    public static final MediaType OCTET_STREAM = new MediaType("application/octet-stream");

    public MediaType {
        if (value.isEmpty() || value.length() > 255 || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw RegistryException.invalidManifest("a media type has 1 to 255 visible ASCII characters");
        }
    }

    /** A layer that may only be fetched from where it was published, so no registry is expected to hold it. */
    public boolean nondistributable() {
        return value.startsWith("application/vnd.oci.image.layer.nondistributable.")
                || value.startsWith("application/vnd.docker.image.rootfs.foreign.");
    }

    @Override
    public int compareTo(MediaType other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
