package io.entrepot.server.config;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.TagPattern;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.hosted.WritePolicy;
import io.entrepot.proxy.remote.OutboundProxy;
import java.util.List;
import java.util.Optional;

/** {@code registries.<name>}: one registry, and where it is reached besides the main connector. */
public sealed interface RegistrySettings permits RegistrySettings.Hosted, ProxySettings, GroupSettings {
    String blobStore();

    RegistryId.Kind kind();

    /** Names for which, in a group, no other member that fetches may be asked: they never leave for an upstream. */
    List<RepositoryPattern> owns();

    ConnectorSettings connectors();

    /** How it meets clients. */
    Manners manners();

    /**
     * How a registry meets clients.
     *
     * @param forceBasicAuth whether it asks for name and password instead of a token, and lets nobody pull without
     * @param anonymousPull whether it lets everybody pull; as {@code access.anonymousPull} says if empty
     * @param online whether it answers at all
     * @param v1 whether it answers searches of version 1 of the protocol
     */
    record Manners(boolean forceBasicAuth, Optional<Boolean> anonymousPull, boolean online, boolean v1) {
        public static final Manners DEFAULT = new Manners(false, Optional.empty(), true, false);

        /** @param byDefault what {@code access.anonymousPull} says */
        public boolean letsAnybodyPull(boolean byDefault) {
            return !forceBasicAuth && anonymousPull.orElse(byDefault);
        }
    }

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
            List<RepositoryPattern> owns,
            ConnectorSettings connectors,
            Manners manners)
            implements RegistrySettings {
        public Hosted {
            redeployTags = List.copyOf(redeployTags);
            owns = List.copyOf(owns);
        }

        @Override
        public RegistryId.Kind kind() {
            return RegistryId.Kind.HOSTED;
        }
    }

    enum Type {
        HOSTED,
        PROXY,
        GROUP
    }

    /** What a registry's settings may refer to. */
    record Around(List<String> blobStores, List<String> registries, OutboundProxy outbound, boolean anonymousPull) {}

    static RegistrySettings read(Section registry, boolean byDefault, Around around) {
        Kind<Type> kind = Kind.oneOf(Type.class);
        Type type = byDefault ? registry.value("type", kind, "hosted") : registry.required("type", kind, "hosted");
        if (registry.failed("type")) {
            registry.leave();
        }
        return switch (type) {
            case HOSTED -> hosted(registry, around.blobStores());
            case PROXY -> ProxySettings.read(registry, around.blobStores(), around.outbound(), around.anonymousPull());
            case GROUP -> GroupSettings.read(registry, around.blobStores(), around.registries());
        };
    }

    private static Hosted hosted(Section registry, List<String> blobStores) {
        ConnectorSettings connectors = ConnectorSettings.read(registry.section("connectors"));
        return new Hosted(
                registry.value("blobStore", Kind.choice(blobStores), blobStores.get(0)),
                registry.value("writePolicy", Kind.oneOf(WritePolicy.class), "allow"),
                registry.list("redeployTags", Kind.TAG_PATTERN, List.of()),
                registry.value("sparseManifests", Kind.SWITCH, "false"),
                owned(registry),
                connectors,
                manners(registry, connectors));
    }

    static List<RepositoryPattern> owned(Section registry) {
        return registry.list("owns", Kind.REPOSITORY_PATTERN, List.of());
    }

    static Manners manners(Section registry, ConnectorSettings connectors) {
        boolean force = registry.value("forceBasicAuth", Kind.SWITCH, "false");
        String anonymous = registry.value("anonymousPull", Kind.choice(List.of("inherit", "true", "false")), "inherit");
        if (force && anonymous.equals("true")) {
            registry.problem("registries." + registry.name()
                    + " has both forceBasicAuth: true and anonymousPull: true, of which one excludes the other");
        }
        if (force && connectors.mirror().isPresent()) {
            registry.problem("registries." + registry.name() + " has both forceBasicAuth: true and connectors.mirror,"
                    + " where nobody is asked who he is: one excludes the other");
        }
        return new Manners(
                force,
                anonymous.equals("inherit") ? Optional.empty() : Optional.of(Boolean.valueOf(anonymous)),
                registry.value("online", Kind.SWITCH, "true"),
                registry.value("v1", Kind.SWITCH, "false"));
    }
}
