package io.entrepot.proxy;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.Set;

/** A repository of a {@link ProxyRegistry}, under the name that was asked for. It guards its names, and passes on. */
final class ProxyRepository implements Repository {
    private final RepositoryName name;
    private final boolean allowed;
    private final ProxyManifests manifests;
    private final ProxyBlobs blobs;
    private final ProxyLists lists;

    ProxyRepository(Parts parts, RepositoryName name, Call call) {
        Names names = parts.options().names();
        RepositoryName local = names.local(name);
        this.name = name;
        this.allowed = names.allows(names.remote(local));
        this.manifests = new ProxyManifests(parts, local, call);
        this.blobs = new ProxyBlobs(parts, local, call);
        this.lists = new ProxyLists(parts, local, call);
    }

    @Override
    public RepositoryName name() {
        return name;
    }

    @Override
    public Descriptor resolve(Reference reference) {
        requireAllowed();
        return reference instanceof Tag tag ? manifests.resolve(tag) : manifests.resolve((Digest) reference);
    }

    @Override
    public Manifest manifest(Reference reference) {
        requireAllowed();
        return reference instanceof Tag tag ? manifests.manifest(tag) : manifests.manifest((Digest) reference);
    }

    @Override
    public Descriptor stat(Digest blob) {
        requireAllowed();
        return blobs.stat(blob);
    }

    @Override
    public Blob open(Digest blob) {
        requireAllowed();
        return blobs.open(blob);
    }

    @Override
    public Page<Tag> tags(PageRequest page) {
        requireAllowed();
        return lists.tags(page);
    }

    @Override
    public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
        requireAllowed();
        return lists.referrers(subject, types, page);
    }

    /** What may not be asked for is not there, whether or not it is held from before. */
    private void requireAllowed() {
        if (!allowed) {
            throw RegistryException.unknownName(name);
        }
    }
}
