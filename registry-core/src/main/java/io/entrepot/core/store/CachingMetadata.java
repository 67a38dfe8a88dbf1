package io.entrepot.core.store;

import io.entrepot.core.BeyondReach;
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
import io.entrepot.core.store.MetadataCache.ClaimedBlob;
import io.entrepot.core.store.Shelf.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store with a {@link MetadataCache} before it, which answers what manifests and blobs there are, and are not. */
final class CachingMetadata implements MetadataStore {
    private final MetadataStore store;
    private final MetadataCache cache;

    CachingMetadata(MetadataStore store, MetadataCache cache) {
        this.store = store;
        this.cache = cache;
    }

    @Override
    public Optional<Manifest> manifest(RepositoryName repository, Reference reference, Reach reach) {
        Shelf.Key key = key(repository, reference);
        Answer<Manifest> known = cache.manifests.find(key);
        if (known != null) {
            return known.value();
        }
        requireMoreThanMemory(reach);
        return cache.manifests.load(key, () -> store.manifest(repository, reference, reach));
    }

    @Override
    public Optional<StoredBlob> blob(RepositoryName repository, Digest digest, Reach reach) {
        Shelf.Key key = key(repository, digest);
        Answer<ClaimedBlob> known = cache.blobs.find(key);
        if (known != null) {
            return blob(known.value());
        }
        requireMoreThanMemory(reach);
        return blob(cache.blobs.load(
                key, () -> store.blob(repository, digest, reach).map(b -> new ClaimedBlob(b, Optional.empty()))));
    }

    @Override
    public Optional<StoredBlob> claim(RepositoryName repository, Digest digest, Lease lease, Reach reach) {
        Shelf.Key key = key(repository, digest);
        Answer<ClaimedBlob> known = cache.blobs.find(key);
        if (known != null && (known.value().isEmpty() || suffices(known.value().get(), lease))) {
            return blob(known.value());
        }
        requireMoreThanMemory(reach);
        return blob(cache.blobs.load(
                key, () -> store.claim(repository, digest, lease, reach).map(b -> claimed(b, lease))));
    }

    /** Whether more than half of the time is left for the one who asks, who was the last to get it. */
    private boolean suffices(ClaimedBlob blob, Lease wanted) {
        Instant now = cache.clock.instant();
        return blob.lease()
                .filter(given -> given.holder().equals(wanted.holder()))
                .map(given -> Duration.between(now, given.until()))
                .filter(left -> !left.isNegative()
                        && left.compareTo(Duration.between(now, wanted.until()).dividedBy(2)) > 0)
                .isPresent();
    }

    private static void requireMoreThanMemory(Reach reach) {
        if (reach == Reach.MEMORY) {
            throw BeyondReach.instance();
        }
    }

    private static ClaimedBlob claimed(StoredBlob blob, Lease lease) {
        return new ClaimedBlob(blob, Optional.of(lease));
    }

    private static Optional<StoredBlob> blob(Optional<ClaimedBlob> claimed) {
        return claimed.map(ClaimedBlob::blob);
    }

    @Override
    public Optional<StoredBlob> mount(RepositoryName repository, Digest digest, Lease lease) {
        return cache.blobs.write(
                key(repository, digest),
                () -> store.mount(repository, digest, lease),
                mounted -> mounted.map(b -> claimed(b, lease)));
    }

    @Override
    public StoredBlob link(RepositoryName repository, StoredBlob fresh, Lease lease) {
        if (cache.damaged.remove(fresh.digest())) {
            return cache.blobs.writeBroadly(0, () -> store.link(repository, fresh, lease), linked -> false);
        }
        return cache.blobs.write(
                key(repository, fresh.digest()),
                () -> store.link(repository, fresh, lease),
                linked -> Optional.of(claimed(linked, lease)));
    }

    @Override
    public boolean unlink(RepositoryName repository, Digest digest) {
        return cache.blobs.write(
                key(repository, digest), () -> store.unlink(repository, digest), unlinked -> Optional.empty());
    }

    @Override
    public void put(RepositoryName repository, ManifestPut put) {
        List<Shelf.Key> keys = new ArrayList<>();
        keys.add(key(repository, put.manifest().digest()));
        put.options().tags().forEach(tag -> keys.add(key(repository, tag)));
        cache.manifests.write(keys, () -> store.put(repository, put));
    }

    /** A manifest takes the tags with it that point to it, whichever those are. */
    @Override
    public boolean delete(RepositoryName repository, Reference reference) {
        Shelf.Key key = key(repository, reference);
        return reference instanceof Tag
                ? cache.manifests.write(key, () -> store.delete(repository, reference), deleted -> Optional.empty())
                : cache.manifests.writeBroadly(
                        MetadataCache.repositoryHash(key),
                        () -> store.delete(repository, reference),
                        deleted -> !deleted);
    }

    /** What a call gives up it also lists, so if it lists nothing, nothing went. */
    @Override
    public List<BlobKey> dead(Instant now, int limit) {
        return cache.blobs.writeBroadly(0, () -> store.dead(now, limit), List::isEmpty);
    }

    @Override
    public Page<Tag> tags(RepositoryName repository, PageRequest page) {
        return store.tags(repository, page);
    }

    @Override
    public Page<Descriptor> referrers(
            RepositoryName repository, Digest subject, Set<MediaType> types, PageRequest page) {
        return store.referrers(repository, subject, types, page);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page) {
        return store.repositories(page);
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit) {
        return store.holders(blob, limit);
    }

    @Override
    public void damaged(BlobKey key) {
        cache.damaged.add(key.digest());
        cache.blobs.writeBroadly(
                0,
                () -> {
                    store.damaged(key);
                    return true;
                },
                done -> !done);
    }

    @Override
    public boolean knows(BlobKey key) {
        return store.knows(key);
    }

    @Override
    public void buried(BlobKey key) {
        store.buried(key);
    }

    private Shelf.Key key(RepositoryName repository, Reference reference) {
        return new Shelf.Key(store, repository, reference);
    }
}
