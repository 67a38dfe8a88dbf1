package io.entrepot.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything that can be set, checked. Without any {@link Sources} it is one hosted registry, {@code private}, on port
 * 5000 of this machine.
 */
public record Configuration(
        ServerSettings server,
        AccessSettings access,
        MetadataSettings metadata,
        UploadSettings uploads,
        Map<String, BlobStoreSettings> blobStores,
        Map<String, RegistrySettings> registries,
        LoggingSettings logging) {

    /** A configuration, and where each of its values came from. */
    public record Explained(Configuration configuration, List<Answer> answers) {}

    public Configuration {
        blobStores = unmodifiable(blobStores);
        registries = unmodifiable(registries);
        checkStores(metadata, blobStores, registries);
        checkPorts(server, registries);
        checkHosts(registries);
        checkGroups(registries);
        checkNames(registries);
        checkCredentials(access, registries);
    }

    /** @throws ConfigurationException with every mistake that was found */
    public static Configuration read(Sources sources) {
        return explain(sources).configuration();
    }

    /** @throws ConfigurationException with every mistake that was found */
    public static Explained explain(Sources sources) {
        Reading reading = new Reading(sources);
        Section root = reading.root();
        List<Section> named = root.sections("registries", List.of("private"));
        if (named.isEmpty()) {
            throw new ConfigurationException("registries is empty: a server needs at least one registry.");
        }
        AccessSettings access = AccessSettings.read(root.section("access"));
        ServerSettings server = ServerSettings.read(
                root.section("server"), named.stream().map(Section::name).toList(), access.open());
        MetadataSettings metadata = MetadataSettings.read(root.section("metadata"));
        UploadSettings uploads = UploadSettings.read(root.section("uploads"));
        Map<String, BlobStoreSettings> stores = new LinkedHashMap<>();
        root.sections("blobStores", List.of("default")).forEach(s -> stores.put(s.name(), BlobStoreSettings.read(s)));
        List<String> storeNames = List.copyOf(stores.keySet());
        boolean byDefault = !root.has("registries");
        Map<String, RegistrySettings> registries = new LinkedHashMap<>();
        RegistrySettings.Around around = new RegistrySettings.Around(
                storeNames,
                named.stream().map(Section::name).toList(),
                OutboundSettings.read(root.section("outbound")),
                access.anonymousPull());
        named.forEach(s -> registries.put(s.name(), RegistrySettings.read(s, byDefault, around)));
        LoggingSettings logging = LoggingSettings.read(root.section("logging"));
        List<Answer> answers = reading.finish();
        return new Explained(
                new Configuration(server, access, metadata, uploads, stores, registries, logging), answers);
    }

    private static void checkStores(
            MetadataSettings metadata,
            Map<String, BlobStoreSettings> stores,
            Map<String, RegistrySettings> registries) {
        stores.forEach((name, store) -> {
            boolean memory = store instanceof BlobStoreSettings.Memory;
            if (memory != (metadata.type() == MetadataSettings.Type.MEMORY)) {
                throw new ConfigurationException("metadata.type and blobStores." + name
                        + ".type must both be memory, or neither: what one forgets the other must not promise.");
            }
        });
        registries.forEach((name, registry) -> {
            if (!stores.containsKey(registry.blobStore())) {
                throw new ConfigurationException(
                        "registries." + name + ".blobStore names " + registry.blobStore() + ", which is not defined.");
            }
        });
    }

    private static void checkPorts(ServerSettings server, Map<String, RegistrySettings> registries) {
        if (!registries.containsKey(server.main())) {
            throw new ConfigurationException("server.main names " + server.main() + ", which is not defined.");
        }
        Map<Integer, String> users = new HashMap<>();
        users.put(server.port(), "server.port");
        registries.forEach((name, registry) -> {
            String connectors = "registries." + name + ".connectors.";
            registry.connectors().http().ifPresent(port -> usePort(port, connectors + "http", users));
            registry.connectors().mirror().ifPresent(port -> usePort(port, connectors + "mirror", users));
            registry.connectors().https().ifPresent(port -> {
                usePort(port, connectors + "https", users);
                if (server.tls().isEmpty()) {
                    throw new ConfigurationException(
                            connectors + "https needs a certificate: set server.tls, be it only own: true.");
                }
            });
        });
    }

    /** Groups lie one within another, but none within itself. */
    private static void checkGroups(Map<String, RegistrySettings> registries) {
        registries.keySet().forEach(name -> checkGroup(name, List.of(), registries));
    }

    private static void checkGroup(String name, List<String> within, Map<String, RegistrySettings> registries) {
        if (within.contains(name)) {
            throw new ConfigurationException("registries." + name + " is a member of itself, by way of "
                    + String.join(", ", within) + ": a group cannot be.");
        }
        if (registries.get(name) instanceof GroupSettings group) {
            List<String> deeper = new ArrayList<>(within);
            deeper.add(name);
            group.members().forEach(member -> checkGroup(member, deeper, registries));
        }
    }

    /**
     * Whoever may pull from a group may pull from its members. What everybody gets with credentials of ours, somebody must
     * have chosen.
     */
    private static void checkCredentials(AccessSettings access, Map<String, RegistrySettings> registries) {
        registries.forEach((name, registry) -> {
            boolean anybody = access.open()
                    || registry.connectors().mirror().isPresent()
                    || registry.manners().letsAnybodyPull(access.anonymousPull());
            if (anybody) {
                checkAllowed(name, name, registries);
            }
        });
    }

    private static void checkAllowed(String open, String name, Map<String, RegistrySettings> registries) {
        RegistrySettings registry = registries.get(name);
        if (registry instanceof ProxySettings proxy && proxy.login().isPresent() && !proxy.chosen()) {
            throw new ConfigurationException("registries." + open + " lets anybody pull"
                    + (open.equals(name) ? "" : ", also from its member " + name) + ", and registries." + name
                    + " has credentials: say by registries." + name
                    + ".allow which repositories everybody may have with them.");
        } else if (registry instanceof GroupSettings group) {
            group.members().forEach(member -> checkAllowed(open, member, registries));
        }
    }

    /** An image's name that begins with a known registry's host name is meant for that one. */
    private static void checkNames(Map<String, RegistrySettings> registries) {
        registries.forEach((name, registry) -> {
            boolean known = Stream.of(Preset.values()).anyMatch(p -> p.hosts().contains(name));
            if (registry instanceof RegistrySettings.Hosted && known) {
                throw new ConfigurationException("registries." + name
                        + " is hosted, but named like a registry elsewhere, whose images would be looked for in it:"
                        + " it needs another name.");
            }
        });
    }

    private static void usePort(int port, String key, Map<Integer, String> users) {
        String other = port == 0 ? null : users.putIfAbsent(port, key);
        if (other != null) {
            throw new ConfigurationException(
                    key + " and " + other + " are both " + port + ": every connector needs a port of its own.");
        }
    }

    private static void checkHosts(Map<String, RegistrySettings> registries) {
        Map<String, String> users = new HashMap<>();
        registries.forEach((name, registry) -> registry.connectors().hosts().forEach(host -> {
            String key = "registries." + name + ".connectors.hosts";
            String other = users.putIfAbsent(host, key);
            if (other != null) {
                throw new ConfigurationException(
                        key + " and " + other + " both have " + host + ": a host name leads to one registry.");
            }
        }));
    }

    private static <V> Map<String, V> unmodifiable(Map<String, V> map) {
        return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
