package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.core.group.GroupRegistry;
import io.entrepot.core.group.Member;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.hosted.Housekeeping;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.view.OfflineRegistry;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.GroupSettings;
import io.entrepot.server.config.MetadataSettings;
import io.entrepot.server.config.ProxySettings;
import io.entrepot.server.config.RegistrySettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns definitions into registries: opens their stores and puts one on the other. Knows no HTTP. */
final class Assembly implements AutoCloseable {
    /** How often is written down what was read, and looked whether caches have grown too large. */
    private static final Duration NOTE_READS = Duration.ofSeconds(30);

    private static final Duration LIMIT_CACHES = Duration.ofSeconds(60);

    private final Configuration configuration;
    private final InstantSource clock;
    private final Stores stores;
    private final Housekeeper housekeeper;
    private final ProxyAssembly proxyAssembly;
    private final Opened opened;
    /** By blob store. */
    private final Map<String, Housekeeping> housekeepings = new HashMap<>();

    private final Map<String, Registry> registries = new LinkedHashMap<>();
    private final Map<String, Proxied> proxies = new LinkedHashMap<>();
    private final Map<String, GroupRegistry> groups = new LinkedHashMap<>();

    private Assembly(Configuration configuration, InstantSource clock, Opened opened) {
        this.configuration = configuration;
        this.clock = clock;
        this.opened = opened;
        boolean memory = configuration.metadata().type() == MetadataSettings.Type.MEMORY;
        this.stores = memory ? new MemoryStores() : DurableStores.open(configuration, clock, opened);
        this.proxyAssembly = new ProxyAssembly(configuration.blobStores(), opened, clock);
        this.housekeeper = opened.add(new Housekeeper());
    }

    /** @throws StartException if a store cannot be used; then nothing stays open */
    static Assembly of(Configuration configuration, InstantSource clock) {
        Opened opened = new Opened();
        try {
            Assembly assembly = new Assembly(configuration, clock, opened);
            configuration.registries().keySet().forEach(assembly::make);
            assembly.proxyAssembly.limits().forEach(limit -> assembly.housekeeper.every(LIMIT_CACHES, limit::enforce));
            // It was opened before what it looks after, which must not be closed under its hands.
            opened.add(assembly.housekeeper);
            return assembly;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Members of groups before the groups; nobody is a member of himself, as the settings have made sure. */
    private Registry make(String name) {
        Registry made = registries.get(name);
        if (made == null) {
            made = made(name, settings(name));
            registries.put(name, made);
        }
        return made;
    }

    private RegistrySettings settings(String name) {
        return Optional.ofNullable(configuration.registries().get(name)).orElseThrow();
    }

    private Registry made(String name, RegistrySettings settings) {
        if (settings instanceof RegistrySettings.Hosted hosted) {
            return hosted(name, hosted);
        } else if (settings instanceof ProxySettings proxy) {
            return proxy(name, proxy);
        } else if (settings instanceof GroupSettings group) {
            return group(name, group);
        }
        throw new IllegalArgumentException("no such kind of registry: " + settings);
    }

    private Registry hosted(String name, RegistrySettings.Hosted settings) {
        MetadataStore metadata = metadata(name, settings.blobStore());
        HostedOptions options = HostedOptions.DEFAULT
                .sparse(settings.sparseManifests())
                .writePolicy(settings.writePolicy(), settings.redeployTags());
        return new HostedRegistry(name, stores.blobs(settings.blobStore()), metadata, options, clock);
    }

    private Registry proxy(String name, ProxySettings settings) {
        MetadataStore metadata = metadata(name, settings.blobStore());
        Housekeeping housekeeping =
                Optional.ofNullable(housekeepings.get(settings.blobStore())).orElseThrow();
        Proxied proxied = proxyAssembly.proxy(name, settings, stores, metadata, housekeeping::bury);
        housekeeper.every(NOTE_READS, proxied.state()::flush);
        proxies.put(name, proxied);
        return proxied.registry();
    }

    private Registry group(String name, GroupSettings settings) {
        List<Member> members = settings.members().stream().map(this::member).toList();
        Optional<Member> writable = settings.writable()
                .flatMap(wanted -> members.stream()
                        .filter(member -> member.name().equals(wanted))
                        .findFirst());
        GroupRegistry group = new GroupRegistry(name, members, writable, settings.options());
        groups.put(name, group);
        return group;
    }

    private Member member(String name) {
        RegistrySettings settings = settings(name);
        Registry registry = make(name);
        Member member = settings instanceof RegistrySettings.Hosted
                ? Member.hosted(name, registry)
                : Member.fetching(name, registry);
        member = member.owning(settings.owns());
        member = knowsOfficialLibrary(name) ? member.withOfficialLibrary() : member;
        return settings.manners().online() ? member : member.offline();
    }

    /** Whether {@code nginx} and {@code library/nginx} are one in it: by itself, or as a group by one of its members. */
    boolean knowsOfficialLibrary(String name) {
        RegistrySettings settings = settings(name);
        return settings instanceof ProxySettings proxy && proxy.officialLibrary()
                || settings instanceof GroupSettings group
                        && group.members().stream().anyMatch(this::knowsOfficialLibrary);
    }

    private MetadataStore metadata(String name, String blobStore) {
        MetadataStore metadata = stores.metadata(name, blobStore);
        housekeepings.computeIfAbsent(blobStore, store -> {
            Housekeeping made = new Housekeeping(
                    stores.blobs(store), metadata, configuration.uploads().expireAfter(), clock);
            housekeeper.lookAfter(made);
            return made;
        });
        return metadata;
    }

    /** What is kept besides content: users, roles, keys. */
    DocumentStore documents() {
        return stores.documents();
    }

    /** A registry as it meets those who ask it directly. */
    Optional<Registry> registry(String name) {
        return Optional.ofNullable(registries.get(name))
                .map(registry -> settings(name).manners().online() ? registry : new OfflineRegistry(name));
    }

    Map<String, Proxied> proxies() {
        return proxies;
    }

    Map<String, GroupRegistry> groups() {
        return groups;
    }

    @Override
    public void close() {
        opened.close();
    }
}
