package io.entrepot.proxy.testkit;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Links;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.store.ManifestPut;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an upstream has: a registry in memory that is filled without asking whether it makes sense. */
public final class UpstreamContent {
    private static final Links NO_LINKS =
            new Links(Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty(), Map.of());

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final Registry registry = new HostedRegistry(
            "upstream", new MemoryBlobStore(), metadata, HostedOptions.CACHE, InstantSource.system());

    /** The registry itself, for tests that push to it. */
    public Registry registry() {
        return registry;
    }

    /** An image with its blobs. */
    public Sample image(String repository, String reference, Content config, Content... layers) {
        return Client.pushImage(
                registry.repository(new RepositoryName(repository), Call.internal()),
                Reference.parse(reference),
                config,
                layers);
    }

    public void blob(String repository, Content content) {
        Client.push(registry.repository(new RepositoryName(repository), Call.internal()), content);
    }

    /** Whatever it is, as it is. Its subject is known if it is a manifest of a kind that we know. */
    public void manifest(String repository, Reference at, Manifest manifest) {
        Links links = links(manifest);
        metadata.put(new RepositoryName(repository), new ManifestPut(manifest, links, List.of(), PutOptions.at(at)));
    }

    public Digest manifest(String repository, String tag, MediaType type, String text) {
        Manifest manifest = Manifest.of(type, Digest.Algorithm.SHA256, text.getBytes(StandardCharsets.UTF_8));
        manifest(repository, new Tag(tag), manifest);
        return manifest.digest();
    }

    private static Links links(Manifest manifest) {
        try {
            return manifest.links();
        } catch (RegistryException.Invalid e) {
            return NO_LINKS;
        }
    }

    /** Many repositories with one and the same little image. */
    public void repositories(String prefix, int count) {
        Sample image = Sample.image(Content.of("{}"));
        for (int i = 0; i < count; i++) {
            manifest(prefix + i, new Tag("1"), image.manifest());
        }
    }

    /** Many tags of one image. */
    public void tags(String repository, String prefix, int count) {
        Sample image = Sample.image(Content.of("{}"));
        for (int i = 0; i < count; i++) {
            manifest(repository, new Tag(prefix + i), image.manifest());
        }
    }

    public void delete(String repository, String reference) {
        metadata.delete(new RepositoryName(repository), Reference.parse(reference));
    }
}
