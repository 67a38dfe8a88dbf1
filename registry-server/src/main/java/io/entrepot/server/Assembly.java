package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.hosted.Housekeeping;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.MetadataSettings;
import io.entrepot.server.config.RegistrySettings;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Turns definitions into registries: opens their stores and puts one on the other. Knows no HTTP. */
final class Assembly implements AutoCloseable {
    private final Map<String, Registry> registries;
    private final DocumentStore documents;
    private final Opened opened;

    private Assembly(Map<String, Registry> registries, DocumentStore documents, Opened opened) {
        this.registries = registries;
        this.documents = documents;
        this.opened = opened;
    }

    /** @throws StartException if a store cannot be used; then nothing stays open */
    static Assembly of(Configuration configuration, InstantSource clock) {
        Opened opened = new Opened();
        try {
            boolean memory = configuration.metadata().type() == MetadataSettings.Type.MEMORY;
            Stores stores = memory ? new MemoryStores() : DurableStores.open(configuration, clock, opened);
            Housekeeper housekeeper = opened.add(new Housekeeper());
            Map<String, Registry> registries = new LinkedHashMap<>();
            Set<String> lookedAfter = new TreeSet<>();
            configuration.registries().forEach((name, settings) -> {
                MetadataStore metadata = stores.metadata(name, settings.blobStore());
                if (lookedAfter.add(settings.blobStore())) {
                    housekeeper.lookAfter(new Housekeeping(
                            stores.blobs(settings.blobStore()),
                            metadata,
                            configuration.uploads().expireAfter(),
                            clock));
                }
                registries.put(name, registry(name, settings, stores, metadata, clock));
            });
            return new Assembly(registries, stores.documents(), opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private static Registry registry(
            String name, RegistrySettings settings, Stores stores, MetadataStore metadata, InstantSource clock) {
        if (settings instanceof RegistrySettings.Hosted hosted) {
            HostedOptions options = HostedOptions.DEFAULT
                    .sparse(hosted.sparseManifests())
                    .writePolicy(hosted.writePolicy(), hosted.redeployTags());
            return new HostedRegistry(name, stores.blobs(hosted.blobStore()), metadata, options, clock);
        }
        throw new IllegalArgumentException("no such kind of registry: " + settings);
    }

    /** What is kept besides content: users, roles, keys. */
    DocumentStore documents() {
        return documents;
    }

    Optional<Registry> registry(String name) {
        return Optional.ofNullable(registries.get(name));
    }

    @Override
    public void close() {
        opened.close();
    }
}
