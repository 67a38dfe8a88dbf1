package io.entrepot.proxy.remote;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.wire.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A repository of a {@link RemoteRegistry}. */
final class RemoteRepository implements Repository {
    private final RepositoryName name;
    private final Sender sender;
    private final Call call;
    private final RemoteManifests manifests;
    private final RemoteBlobs blobs;
    private final RemoteLists lists;
    private final RemoteUploads uploads;

    RemoteRepository(RepositoryName name, Sender sender, Sessions sessions, Call call) {
        this.name = name;
        this.sender = sender;
        this.call = call;
        this.manifests = new RemoteManifests(name, sender, call);
        this.blobs = new RemoteBlobs(name, sender, call);
        this.lists = new RemoteLists(sender, call);
        this.uploads = new RemoteUploads(name, sender, sessions, call);
    }

    @Override
    public RepositoryName name() {
        return name;
    }

    @Override
    public Descriptor resolve(Reference reference) {
        return manifests.resolve(reference);
    }

    @Override
    public Manifest manifest(Reference reference) {
        return manifests.get(reference);
    }

    @Override
    public Descriptor stat(Digest blob) {
        return blobs.stat(blob);
    }

    @Override
    public Blob open(Digest blob) {
        return blobs.open(blob);
    }

    @Override
    public Page<Tag> tags(PageRequest page) {
        return lists.tags(name, page);
    }

    @Override
    public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
        return lists.referrers(name, subject, types, page);
    }

    /** How long it stays is the remote registry's business. */
    @Override
    public Descriptor claim(Digest blob) {
        return blobs.stat(blob);
    }

    @Override
    public Upload upload(UploadHints hints) {
        return uploads.begin(hints);
    }

    @Override
    public Upload resume(UploadId id) {
        return uploads.resume(id);
    }

    @Override
    public UploadStatus status(UploadId id) {
        return new UploadStatus(id, uploads.status(id).offset());
    }

    /** From another repository of the same remote registry only. */
    @Override
    public Optional<Descriptor> mount(Digest blob, Repository source) {
        return source instanceof RemoteRepository other && other.sender == sender
                ? uploads.mount(blob, other.name).map(this::stat)
                : Optional.empty();
    }

    /**
     * Each further tag is a request of its own, so that some may be set although this fails.
     *
     * @throws RegistryException.Unsupported for a rule about tags: nobody but the registry itself could keep it
     */
    @Override
    public Descriptor put(Manifest manifest, PutOptions options) {
        if (options.rule() != TagRule.ANY && !options.tags().isEmpty()) {
            throw new RegistryException.Unsupported("whether a tag may be set cannot be decided for a remote registry");
        }
        if (options.target() instanceof Digest digest && !digest.equals(manifest.digest())) {
            throw RegistryException.invalidDigest(
                    "the manifest has the digest " + manifest.digest() + ", not the one it was pushed under");
        }
        put(manifest, options.target());
        for (Tag tag : options.tags()) {
            if (!tag.equals(options.target())) {
                put(manifest, tag);
            }
        }
        return manifest.descriptor();
    }

    private void put(Manifest manifest, Reference at) {
        Optional<Digest> unusual = Optional.of(manifest.digest())
                .filter(d -> at instanceof Tag && d.algorithm() != Digest.Algorithm.SHA256);
        Outgoing request = Sender.to("PUT", new Endpoint.ManifestAt(name, at, List.of(), unusual))
                .with("Content-Type", manifest.mediaType().value())
                .withBody(manifest.bytes());
        sender.read(request, call, reply -> {
            sender.requireSuccess(reply, () -> RegistryException.unknownName(name));
            Headers.digest(reply)
                    .filter(said ->
                            said.algorithm() == manifest.digest().algorithm() && !said.equals(manifest.digest()))
                    .ifPresent(said -> {
                        throw Refusals.corrupt("manifest " + manifest.digest() + " was stored as " + said);
                    });
            return reply.status();
        });
    }

    @Override
    public void delete(Reference reference) {
        delete(new Endpoint.ManifestAt(name, reference), () -> RegistryException.unknownManifest(reference));
    }

    @Override
    public void deleteBlob(Digest blob) {
        delete(new Endpoint.BlobAt(name, blob), () -> RegistryException.unknownBlob(blob));
    }

    private void delete(Endpoint what, Supplier<RegistryException> unknown) {
        sender.read(Sender.to("DELETE", what), call, reply -> {
            sender.requireSuccess(reply, unknown);
            return reply.status();
        });
    }
}
