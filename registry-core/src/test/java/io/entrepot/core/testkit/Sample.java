package io.entrepot.core.testkit;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Links;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reference;
import io.entrepot.core.store.ManifestPut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A manifest made for a test, and the links that a reader of its bytes finds. */
public record Sample(Manifest manifest, Links links) {
    private static final MediaType CONFIG = new MediaType("application/vnd.oci.image.config.v1+json");

    /** An image of a config and some layers. */
    public static Sample image(Content config, Content... layers) {
        Builder builder = image().config(config.as(CONFIG));
        for (Content layer : layers) {
            builder.layer(layer.layer());
        }
        return builder.build();
    }

    public static Sample index(Sample... children) {
        Builder builder = index();
        for (Sample child : children) {
            builder.child(child.descriptor());
        }
        return builder.build();
    }

    public static Builder image() {
        return new Builder(MediaType.OCI_MANIFEST);
    }

    public static Builder index() {
        return new Builder(MediaType.OCI_INDEX);
    }

    public Digest digest() {
        return manifest.digest();
    }

    /** The blobs that must be where it is put. */
    public Set<Digest> blobs() {
        return links.blobs().stream().map(Descriptor::digest).collect(Collectors.toSet());
    }

    public Descriptor descriptor() {
        return manifest.descriptor();
    }

    /** To be stored where its blobs must be. */
    public ManifestPut at(Reference target) {
        return with(PutOptions.at(target));
    }

    public ManifestPut with(PutOptions options) {
        return new ManifestPut(manifest, links, links.blobs(), options);
    }

    /** To be stored by a cache, which may have the blobs or not. */
    public ManifestPut sparseAt(Reference target) {
        return new ManifestPut(manifest, links, List.of(), PutOptions.at(target));
    }

    /** Writes the bytes of a manifest. */
    public static final class Builder {
        private final MediaType type;
        private Optional<Descriptor> config = Optional.empty();
        private final List<Descriptor> layers = new ArrayList<>();
        private final List<Descriptor> children = new ArrayList<>();
        private Optional<Descriptor> subject = Optional.empty();
        private Optional<MediaType> artifactType = Optional.empty();
        private final Map<String, String> annotations = new TreeMap<>();
        private Digest.Algorithm algorithm = Digest.Algorithm.SHA256;

        private Builder(MediaType type) {
            this.type = type;
        }

        public Builder config(Descriptor descriptor) {
            config = Optional.of(descriptor);
            return this;
        }

        public Builder layer(Descriptor descriptor) {
            layers.add(descriptor);
            return this;
        }

        public Builder child(Descriptor descriptor) {
            children.add(descriptor);
            return this;
        }

        public Builder subject(Descriptor descriptor) {
            subject = Optional.of(descriptor);
            return this;
        }

        public Builder artifactType(MediaType value) {
            artifactType = Optional.of(value);
            return this;
        }

        /** Name and value without quotes and backslashes. */
        public Builder annotation(String name, String value) {
            annotations.put(name, value);
            return this;
        }

        public Builder algorithm(Digest.Algorithm value) {
            algorithm = value;
            return this;
        }

        public Sample build() {
            byte[] bytes = json().getBytes(StandardCharsets.UTF_8);
            Links links = new Links(config, layers, children, subject, artifactType, annotations);
            return new Sample(Manifest.of(type, algorithm, bytes), links);
        }

        private String json() {
            List<String> fields = new ArrayList<>();
            fields.add("\"schemaVersion\":2");
            fields.add("\"mediaType\":\"" + type + "\"");
            artifactType.ifPresent(t -> fields.add("\"artifactType\":\"" + t + "\""));
            config.ifPresent(c -> fields.add("\"config\":" + json(c)));
            if (type.equals(MediaType.OCI_INDEX) || type.equals(MediaType.DOCKER_LIST)) {
                fields.add("\"manifests\":" + json(children));
            } else {
                fields.add("\"layers\":" + json(layers));
            }
            subject.ifPresent(s -> fields.add("\"subject\":" + json(s)));
            if (!annotations.isEmpty()) {
                fields.add(annotations.entrySet().stream()
                        .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue() + "\"")
                        .collect(Collectors.joining(",", "\"annotations\":{", "}")));
            }
            return String.join(",\n", fields).indent(2).transform(body -> "{\n" + body + "}");
        }

        private static String json(List<Descriptor> descriptors) {
            return descriptors.stream().map(Builder::json).collect(Collectors.joining(",", "[", "]"));
        }

        private static String json(Descriptor d) {
            return "{\"mediaType\":\"" + d.mediaType() + "\",\"digest\":\"" + d.digest() + "\",\"size\":" + d.size()
                    + "}";
        }
    }
}
