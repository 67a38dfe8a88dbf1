package io.entrepot.storage.sql;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.Lease;
import io.entrepot.core.store.ManifestPut;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.StoredBlob;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The metadata of one registry in a {@link SqlDatabase}. Memory never tells: put a cache before it. */
final class SqlMetadata implements MetadataStore {
    private final SqlDatabase database;
    private final long registry;
    private final RepositoryRows repositories;
    private final BlobRows blobs;
    private final ManifestRows manifests;
    private final Leases leases;
    private final InstantSource clock;

    SqlMetadata(SqlDatabase database, long registry, long store, Leases leases, InstantSource clock) {
        this.database = database;
        this.registry = registry;
        this.repositories = new RepositoryRows(registry);
        this.blobs = new BlobRows(store, leases);
        this.manifests = new ManifestRows(blobs);
        this.leases = leases;
        this.clock = clock;
    }

    @Override
    public Optional<Manifest> manifest(RepositoryName repository, Reference reference, Reach reach) {
        reach.require(Reach.LOCAL);
        return database.read(session -> reference instanceof Tag tag
                ? ManifestRows.byTag(session, registry, repository.value(), tag)
                : ManifestRows.byDigest(session, registry, repository.value(), (Digest) reference));
    }

    @Override
    public Optional<StoredBlob> blob(RepositoryName repository, Digest digest, Reach reach) {
        reach.require(Reach.LOCAL);
        return database.read(session -> linked(session, repository, digest)).map(BlobRows.Row::blob);
    }

    private Optional<BlobRows.Row> linked(Session session, RepositoryName repository, Digest digest)
            throws SQLException {
        return repositories.linked(session, blobs, repository, digest);
    }

    @Override
    public Page<Tag> tags(RepositoryName repository, PageRequest page) {
        return database.read(session -> {
            // Repositories stay once they are known, so the two statements need no common snapshot.
            Optional<Long> id = repositories.id(session, repository);
            return TagRows.page(session, id.orElseThrow(() -> RegistryException.unknownName(repository)), page);
        });
    }

    @Override
    public Page<Descriptor> referrers(
            RepositoryName repository, Digest subject, Set<MediaType> types, PageRequest page) {
        return database.read(session -> {
            Optional<Long> id = repositories.id(session, repository);
            return id.isPresent()
                    ? ManifestRows.referrers(session, id.get(), subject, types, page)
                    : Page.<Descriptor>empty();
        });
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page) {
        return database.read(session -> repositories.page(session, page));
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit) {
        return database.read(session -> {
            Optional<BlobRows.Row> row = blobs.live(session, blob);
            return row.isPresent() ? repositories.holders(session, row.get().id(), limit) : List.<RepositoryName>of();
        });
    }

    /**
     * Mostly without the writer: what is absent needs no lease, and what is leased already cannot go while its lease is
     * made longer. Only a blob that nobody counts on yet is leased where it is also decided what goes.
     */
    @Override
    public Optional<StoredBlob> claim(RepositoryName repository, Digest digest, Lease lease, Reach reach) {
        reach.require(Reach.LOCAL);
        boolean leased = leases.extend(digest, lease.until(), clock.instant());
        Optional<StoredBlob> found = blob(repository, digest, reach);
        if (leased || found.isEmpty()) {
            return found;
        }
        return database.write(session -> held(linked(session, repository, digest), lease));
    }

    private Optional<StoredBlob> held(Optional<BlobRows.Row> row, Lease lease) {
        row.ifPresent(r -> leases.hold(r.blob().digest(), lease.until(), clock.instant()));
        return row.map(BlobRows.Row::blob);
    }

    @Override
    public Optional<StoredBlob> mount(RepositoryName repository, Digest digest, Lease lease) {
        return database.write(session -> {
            Optional<BlobRows.Row> row = blobs.live(session, digest);
            if (row.isPresent()) {
                blobs.link(session, repositories.need(session, repository), row.get(), clock.instant());
            }
            return held(row, lease);
        });
    }

    @Override
    public StoredBlob link(RepositoryName repository, StoredBlob fresh, Lease lease) {
        return database.write(session -> {
            Instant now = clock.instant();
            BlobRows.Row row = blobs.record(session, fresh, lease.until(), now);
            blobs.link(session, repositories.need(session, repository), row, now);
            leases.hold(fresh.digest(), lease.until(), now);
            return row.blob();
        });
    }

    @Override
    public void put(RepositoryName repository, ManifestPut put) {
        database.write(session -> {
            putIn(session, repositories.need(session, repository), put, clock.instant());
            return put;
        });
    }

    private void putIn(Session session, long repository, ManifestPut put, Instant now) throws SQLException {
        Digest digest = put.manifest().digest();
        Set<Tag> tags = put.options().tags();
        manifests.requireBlobs(session, repository, put.required());
        for (Tag tag : tags) {
            Optional<Digest> present = TagRows.find(session, repository, tag).map(TagRows.Target::digest);
            put.options().rule().check(tag, present, digest);
        }
        Optional<Long> known = manifests.id(session, repository, digest);
        long id = known.isPresent() ? known.get() : manifests.insert(session, repository, put, now);
        if (known.isEmpty()) {
            RepositoryRows.list(session, repository);
        }
        for (Tag tag : tags) {
            TagRows.set(session, repository, tag, new TagRows.Target(id, digest), now);
        }
        if (known.isEmpty() && tags.isEmpty()) {
            GcQueue.manifest(session, id, now);
        }
    }

    @Override
    public boolean delete(RepositoryName repository, Reference reference) {
        return database.write(session -> {
            Optional<Long> id = repositories.id(session, repository);
            return id.isPresent() && deleteIn(session, id.get(), reference, clock.instant());
        });
    }

    private boolean deleteIn(Session session, long repository, Reference reference, Instant now) throws SQLException {
        if (reference instanceof Tag tag) {
            return TagRows.delete(session, repository, tag, now);
        }
        Optional<Long> manifest = manifests.id(session, repository, (Digest) reference);
        if (manifest.isEmpty()) {
            return false;
        }
        TagRows.deleteAllOf(session, repository, manifest.get(), now);
        manifests.delete(session, manifest.get(), now);
        RepositoryRows.unlistIfEmpty(session, repository);
        return true;
    }

    @Override
    public boolean unlink(RepositoryName repository, Digest digest) {
        return database.write(session -> {
            Optional<Long> id = repositories.id(session, repository);
            return id.isPresent() && unlinkIn(session, repository, id.get(), digest);
        });
    }

    private boolean unlinkIn(Session session, RepositoryName name, long repository, Digest digest) throws SQLException {
        Optional<BlobRows.Row> row = blobs.linked(session, repository, digest);
        if (row.isPresent() && manifests.refersTo(session, repository, row.get().id())) {
            throw new RegistryException.Unsupported(
                    "a manifest of " + name + " refers to blob " + digest + ": delete the manifest first");
        }
        return blobs.unlink(session, repository, digest, clock.instant());
    }

    @Override
    public void damaged(BlobKey key) {
        database.write(session -> {
            blobs.damaged(session, key);
            return key;
        });
    }

    @Override
    public boolean knows(BlobKey key) {
        return database.read(session -> blobs.knows(session, key));
    }

    @Override
    public List<BlobKey> dead(Instant now, int limit) {
        if (database.read(session -> blobs.anyDue(session, now))) {
            return database.write(session -> {
                blobs.condemn(session, now, limit);
                return blobs.dead(session, limit);
            });
        }
        return database.read(session -> blobs.dead(session, limit));
    }

    @Override
    public void buried(BlobKey key) {
        database.write(session -> {
            blobs.buried(session, key);
            return key;
        });
    }
}
