package io.entrepot.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
     * As a list of referrers shows the manifest that these links were read from (distribution specification, "Listing
     * Referrers"): its artifact type, else its config's media type, and its annotations.
     */
    public Descriptor asReferrer(Descriptor manifest) {
        Optional<MediaType> type = artifactType.or(() -> config.map(Descriptor::mediaType));
        return new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size(), type, annotations);
    }
}
