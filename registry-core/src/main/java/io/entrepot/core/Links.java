package io.entrepot.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a manifest refers to, and what a list of referrers says of it. An image manifest has a config and layers, an
 * index has children; both may have a subject.
 */
public record Links(
        Optional<Descriptor> config,
        List<Descriptor> layers,
        List<Descriptor> children,
        Optional<Descriptor> subject,
        Optional<MediaType> artifactType,
        Map<String, String> annotations) {

    public static final Links NONE =
            new Links(Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty(), Map.of());

    private static final Set<MediaType> MANIFESTS =
            Set.of(MediaType.OCI_MANIFEST, MediaType.OCI_INDEX, MediaType.DOCKER_MANIFEST, MediaType.DOCKER_LIST);

    public Links {
        layers = List.copyOf(layers);
        children = List.copyOf(children);
        annotations = Map.copyOf(annotations);
    }

    /** The blobs that an image needs here: its config and all layers but the non-distributable ones. */
    public List<Descriptor> blobs() {
        List<Descriptor> blobs = new ArrayList<>();
        config.ifPresent(blobs::add);
        layers.stream().filter(l -> !l.mediaType().nondistributable()).forEach(blobs::add);
        return blobs;
    }

    /**
     * A blob as the manifest refers to it: its config, a layer (also a non-distributable one), or the child of an index
     * that lists blobs. Children that are manifests are none.
     */
    public Optional<Descriptor> blob(Digest digest) {
        Stream<Descriptor> listed = children.stream().filter(c -> !MANIFESTS.contains(c.mediaType()));
        return Stream.of(config.stream(), layers.stream(), listed)
                .flatMap(all -> all)
                .filter(d -> d.digest().equals(digest))
                .findFirst();
    }

    /**
     * As a list of referrers shows the manifest that these links were read from (distribution specification, "Listing
     * Referrers"): its artifact type, else its config's media type, and its annotations.
     */
    public Descriptor asReferrer(Descriptor manifest) {
        Optional<MediaType> type = artifactType.or(() -> config.map(Descriptor::mediaType));
        return new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), type, annotations);
    }
}
