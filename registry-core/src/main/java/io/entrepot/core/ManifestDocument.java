package io.entrepot.core;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The members of a manifest as {@link ManifestReader} found them, before anybody said which kind it is. Deciding that is
 * what this class does: a document that could be read as two kinds is none (CVE-2021-41190).
 */
final class ManifestDocument {
    private static final Set<MediaType> IMAGES = Set.of(MediaType.OCI_MANIFEST, MediaType.DOCKER_MANIFEST);
    private static final Set<MediaType> INDEXES = Set.of(MediaType.OCI_INDEX, MediaType.DOCKER_LIST);

    private final Set<String> members;
    private final Optional<MediaType> mediaType;
    private final Links links;

    private ManifestDocument(Builder b) {
        members = Set.copyOf(b.members);
        mediaType = b.mediaType;
        links = new Links(b.config, b.layers, b.manifests, b.subject, b.artifactType, b.annotations);
    }

    /** What it says it is, else what it looks like: G-04 of the protocol, for pushes without a content type. */
    MediaType mediaType() {
        return mediaType.orElseGet(() -> {
            if (members.contains("manifests")) {
                return MediaType.OCI_INDEX;
            }
            if (members.contains("config")) {
                return MediaType.OCI_MANIFEST;
            }
            throw RegistryException.invalidManifest(
                    "neither a content type nor mediaType, config or manifests say what kind of manifest this is");
        });
    }

    /** Before anything is read: a manifest of schema 1 shall hear that, not that its schemaVersion is wrong. */
    static void requireAccepted(MediaType type) {
        if (!IMAGES.contains(type) && !INDEXES.contains(type)) {
            throw RegistryException.invalidManifest(
                    type.value().startsWith("application/vnd.docker.distribution.manifest.v1+")
                            ? "Docker image manifests of schema 1 are not accepted: push with a client that writes"
                                    + " schema 2 or OCI manifests"
                            : "manifests of type " + type + " are not accepted: only OCI and Docker (schema 2) image"
                                    + " manifests, indexes and manifest lists are");
        }
    }

    /** What it refers to, if it is well-formed as {@code type}, one of those that are accepted. */
    Links as(MediaType type) {
        mediaType.filter(t -> !t.equals(type)).ifPresent(t -> {
            throw RegistryException.invalidManifest(
                    "mediaType says " + t + ", but the manifest was sent as " + type + ": make them equal");
        });
        if (INDEXES.contains(type)) {
            refuse(type, "config", "layers", "fsLayers");
            if (!members.contains("manifests")) {
                throw RegistryException.invalidManifest("manifests is missing: an index has it, if only empty");
            }
        } else {
            refuse(type, "manifests", "fsLayers");
            if (links.config().isEmpty()) {
                throw RegistryException.invalidManifest("config is missing: an image manifest has one");
            }
        }
        return links;
    }

    private void refuse(MediaType type, String... names) {
        for (String name : names) {
            if (members.contains(name)) {
                throw RegistryException.invalidManifest(
                        "a manifest of type " + type + " with " + name + " could be read as two different kinds");
            }
        }
    }

    /** Filled by the reader, one member at a time. */
    static final class Builder {
        private final Set<String> members = new HashSet<>();
        Optional<Long> schemaVersion = Optional.empty();
        Optional<MediaType> mediaType = Optional.empty();
        Optional<MediaType> artifactType = Optional.empty();
        Optional<Descriptor> config = Optional.empty();
        List<Descriptor> layers = List.of();
        List<Descriptor> manifests = List.of();
        Optional<Descriptor> subject = Optional.empty();
        Map<String, String> annotations = Map.of();

        void sawMember(String name) {
            members.add(name);
        }

        ManifestDocument build() {
            if (schemaVersion.filter(v -> v == 2).isEmpty()) {
                throw RegistryException.invalidManifest("schemaVersion is not 2");
            }
            return new ManifestDocument(this);
        }
    }
}
