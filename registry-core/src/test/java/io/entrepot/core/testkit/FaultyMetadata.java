package io.entrepot.core.testkit;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.Lease;
import io.entrepot.core.store.ManifestPut;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.StoredBlob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A metadata store of which one call fails. */
public record FaultyMetadata(MetadataStore store, Faults faults) implements MetadataStore {
    @Override
    public Optional<Manifest> manifest(RepositoryName repository, Reference reference, Reach reach) {
        return faults.call("manifest", () -> store.manifest(repository, reference, reach));
    }

    @Override
    public Optional<StoredBlob> blob(RepositoryName repository, Digest digest, Reach reach) {
        return faults.call("blob", () -> store.blob(repository, digest, reach));
    }

    @Override
    public Page<Tag> tags(RepositoryName repository, PageRequest page) {
        return faults.call("tags", () -> store.tags(repository, page));
    }

    @Override
    public Page<Descriptor> referrers(
            RepositoryName repository, Digest subject, Set<MediaType> types, PageRequest page) {
        return faults.call("referrers", () -> store.referrers(repository, subject, types, page));
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page) {
        return faults.call("repositories", () -> store.repositories(page));
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit) {
        return faults.call("holders", () -> store.holders(blob, limit));
    }

    @Override
    public Optional<StoredBlob> claim(RepositoryName repository, Digest digest, Lease lease, Reach reach) {
        return faults.call("claim", () -> store.claim(repository, digest, lease, reach));
    }

    @Override
    public Optional<StoredBlob> mount(RepositoryName repository, Digest digest, Lease lease) {
        return faults.call("mount", () -> store.mount(repository, digest, lease));
    }

    @Override
    public StoredBlob link(RepositoryName repository, StoredBlob fresh, Lease lease) {
        return faults.call("link", () -> store.link(repository, fresh, lease));
    }

    @Override
    public void put(RepositoryName repository, ManifestPut put) {
        faults.run("put", () -> store.put(repository, put));
    }

    @Override
    public boolean delete(RepositoryName repository, Reference reference) {
        return faults.call("delete", () -> store.delete(repository, reference));
    }

    @Override
    public boolean unlink(RepositoryName repository, Digest digest) {
        return faults.call("unlink", () -> store.unlink(repository, digest));
    }

    @Override
    public void damaged(BlobKey key) {
        faults.run("damaged", () -> store.damaged(key));
    }

    @Override
    public boolean knows(BlobKey key) {
        return faults.call("knows", () -> store.knows(key));
    }

    @Override
    public List<BlobKey> dead(Instant now, int limit) {
        return faults.call("dead", () -> store.dead(now, limit));
    }

    @Override
    public void buried(BlobKey key) {
        faults.run("buried", () -> store.buried(key));
    }
}
