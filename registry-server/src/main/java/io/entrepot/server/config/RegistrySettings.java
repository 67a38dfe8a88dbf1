package io.entrepot.server.config;

import io.entrepot.core.TagPattern;
import io.entrepot.core.hosted.WritePolicy;
import java.util.List;
import java.util.Optional;

/** {@code registries.<name>}: one registry, and where it is reached besides the main connector. */
public sealed interface RegistrySettings {
    String blobStore();

    /** The port of a connector of its own. */
    Optional<Integer> httpPort();

    /**
     * One that is pushed to.
     *
     * @param sparseManifests whether image manifests are taken whose blobs are not here
     * @param redeployTags patterns of the tags that may move even under {@link WritePolicy#ALLOW_ONCE}
     */
    record Hosted(
            String blobStore,
            WritePolicy writePolicy,
            List<TagPattern> redeployTags,
            boolean sparseManifests,
            Optional<Integer> httpPort)
            implements RegistrySettings {
        public Hosted {
            redeployTags = List.copyOf(redeployTags);
        }
    }

    enum Type {
        HOSTED
    }

    static RegistrySettings read(Section registry, boolean byDefault, List<String> blobStores) {
        Kind<Type> kind = Kind.oneOf(Type.class);
        Type type = byDefault ? registry.value("type", kind, "hosted") : registry.required("type", kind, "hosted");
        if (registry.failed("type")) {
            registry.leave();
        }
        return switch (type) {
            case HOSTED -> hosted(registry, blobStores);
        };
    }

    private static Hosted hosted(Section registry, List<String> blobStores) {
        return new Hosted(
                registry.value("blobStore", Kind.choice(blobStores), blobStores.get(0)),
                registry.value("writePolicy", Kind.oneOf(WritePolicy.class), "allow"),
                registry.list("redeployTags", Kind.TAG_PATTERN, List.of()),
                registry.value("sparseManifests", Kind.SWITCH, "false"),
                registry.section("connectors").optional("http", Kind.PORT));
    }
}
