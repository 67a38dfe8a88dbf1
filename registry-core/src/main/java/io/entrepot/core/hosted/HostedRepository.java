package io.entrepot.core.hosted;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Links;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.Lease;
import io.entrepot.core.store.ManifestPut;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.StoredBlob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A repository of a {@link HostedRegistry}. The order of writes is all there is to it: bytes first and durable, then the
 * row that says that they are there; when deleting, the row first.
 */
final class HostedRepository implements Repository {
    private final String registry;
    private final RepositoryName name;
    private final BlobStore blobs;
    private final MetadataStore metadata;
    private final HostedOptions options;
    private final WriteRules rules;
    private final InstantSource clock;
    private final Call call;

    HostedRepository(
            String registry,
            RepositoryName name,
            BlobStore blobs,
            MetadataStore metadata,
            HostedOptions options,
            InstantSource clock,
            Call call) {
        this.registry = registry;
        this.name = name;
        this.blobs = blobs;
        this.metadata = metadata;
        this.options = options;
        this.rules = new WriteRules(registry, options);
        this.clock = clock;
        this.call = call;
    }

    @Override
    public RepositoryName name() {
        return name;
    }

    @Override
    public Descriptor resolve(Reference reference) {
        return manifest(reference).descriptor();
    }

    @Override
    public Manifest manifest(Reference reference) {
        return metadata.manifest(name, reference, call.reach())
                .orElseThrow(() -> RegistryException.unknownManifest(reference));
    }

    @Override
    public Descriptor stat(Digest blob) {
        return find(blob).descriptor();
    }

    @Override
    public Blob open(Digest blob) {
        StoredBlob found = find(blob);
        try {
            return blobs.open(found, call.reach());
        } catch (RegistryException.Unavailable e) {
            // Between the two calls the object may have been replaced by a later upload of the same bytes, or deleted.
            StoredBlob now = find(blob);
            if (!now.key().equals(found.key())) {
                return blobs.open(now, call.reach());
            }
            if (options.copies() && !blobs.holds(found)) {
                metadata.damaged(found.key());
                throw RegistryException.unknownBlob(blob);
            }
            throw e;
        }
    }

    private StoredBlob find(Digest blob) {
        return metadata.blob(name, blob, call.reach()).orElseThrow(() -> RegistryException.unknownBlob(blob));
    }

    @Override
    public Page<Tag> tags(PageRequest page) {
        call.reach().require(Reach.LOCAL);
        return metadata.tags(name, page);
    }

    @Override
    public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
        call.reach().require(Reach.LOCAL);
        return new Referrers(metadata, name).of(subject, types, page);
    }

    @Override
    public Descriptor claim(Digest blob) {
        return metadata.claim(name, blob, lease(), call.reach())
                .orElseThrow(() -> RegistryException.unknownBlob(blob))
                .descriptor();
    }

    @Override
    public Upload upload(UploadHints hints) {
        requireWriting();
        return new HostedUpload(name, blobs.begin(owner(), hints), blobs, metadata, this::lease);
    }

    @Override
    public Upload resume(UploadId id) {
        requireWriting();
        return new HostedUpload(name, blobs.resume(id, owner()), blobs, metadata, this::lease);
    }

    @Override
    public UploadStatus status(UploadId id) {
        call.reach().require(Reach.LOCAL);
        return blobs.status(id, owner());
    }

    /** What the caller can read in the source he may have here too, if it lies in the same blob store. */
    @Override
    public Optional<Descriptor> mount(Digest blob, Repository source) {
        requireWriting();
        try {
            source.stat(blob);
        } catch (BeyondReach
                | RegistryException.Unknown
                | RegistryException.Denied
                | RegistryException.Unauthorized
                | RegistryException.Unavailable e) {
            // Not his to give, or not to be found out here. Which of these it was is nobody's business: he uploads
            // instead.
            return Optional.empty();
        }
        return metadata.mount(name, blob, lease()).map(StoredBlob::descriptor);
    }

    @Override
    public Descriptor put(Manifest manifest, PutOptions put) {
        requireWriting();
        if (put.target() instanceof Digest digest && !digest.equals(manifest.digest())) {
            throw RegistryException.invalidDigest(
                    "the manifest has the digest " + manifest.digest() + ", not the one it was pushed under");
        }
        Links links = links(manifest);
        List<Descriptor> required = options.sparseManifests() ? List.of() : links.blobs();
        metadata.put(name, new ManifestPut(manifest, links, required, put.obeying(rules.redeploy(name))));
        return manifest.descriptor();
    }

    private Links links(Manifest manifest) {
        try {
            return manifest.links();
        } catch (RegistryException.Invalid e) {
            if (options.copies()) {
                return Links.NONE;
            }
            throw e;
        }
    }

    @Override
    public void delete(Reference reference) {
        requireWriting();
        if (!metadata.delete(name, reference)) {
            throw RegistryException.unknownManifest(reference);
        }
    }

    @Override
    public void deleteBlob(Digest blob) {
        requireWriting();
        if (!metadata.unlink(name, blob)) {
            throw RegistryException.unknownBlob(blob);
        }
    }

    private void requireWriting() {
        call.reach().require(Reach.LOCAL);
        rules.requireWritable();
    }

    private Lease lease() {
        return new Lease(clock.instant().plus(options.lease()), call.principal().id());
    }

    /** Binds sessions to registry, repository and principal: to others they do not exist. */
    private String owner() {
        String whose = registry + "\n" + name + "\n" + call.principal().id();
        return Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(whose.getBytes(StandardCharsets.UTF_8)))
                .hex()
                .substring(0, 32);
    }
}
