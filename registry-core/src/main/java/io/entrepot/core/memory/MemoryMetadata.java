package io.entrepot.core.memory;

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
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.store.StoredBlob;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The metadata of one registry in memory. Everything that {@link MetadataStore} promises but durability. One lock makes
 * every method a transaction: all checks come first, then changes that cannot fail.
 */
public final class MemoryMetadata implements MetadataStore {
    /** Shared with the other registries over the same blob store; its monitor guards everything here. */
    private final BlobRows blobs;

    private final InstantSource clock;
    private final NavigableMap<String, MemoryRepository> repositories = new TreeMap<>();
    private final MemoryProxyState state;

    public MemoryMetadata() {
        this(InstantSource.system());
    }

    public MemoryMetadata(InstantSource clock) {
        this(new BlobRows(), clock);
    }

    private MemoryMetadata(BlobRows blobs, InstantSource clock) {
        this.blobs = blobs;
        this.clock = clock;
        this.state = new MemoryProxyState(blobs, repositories);
    }

    /** The metadata of another registry, empty so far, over the same blob store. */
    public MemoryMetadata sibling() {
        return new MemoryMetadata(blobs, clock);
    }

    /** What a proxy remembers whose cache this is. The same object each time, and gone with the process. */
    public ProxyState proxyState() {
        return state;
    }

    @Override
    public Optional<Manifest> manifest(RepositoryName repository, Reference reference, Reach reach) {
        synchronized (blobs) {
            return repository(repository).flatMap(r -> digest(r, reference).flatMap(r::manifest));
        }
    }

    private static Optional<Digest> digest(MemoryRepository repository, Reference reference) {
        return reference instanceof Tag tag ? repository.tagged(tag) : Optional.of((Digest) reference);
    }

    @Override
    public Optional<StoredBlob> blob(RepositoryName repository, Digest digest, Reach reach) {
        synchronized (blobs) {
            return linked(repository, digest).map(BlobRows.Row::stored);
        }
    }

    @Override
    public Page<Tag> tags(RepositoryName repository, PageRequest page) {
        synchronized (blobs) {
            MemoryRepository known =
                    repository(repository).orElseThrow(() -> RegistryException.unknownName(repository));
            return page(known.tags(), page, (tag, digest) -> Optional.of(new Tag(tag)));
        }
    }

    @Override
    public Page<Descriptor> referrers(
            RepositoryName repository, Digest subject, Set<MediaType> types, PageRequest page) {
        synchronized (blobs) {
            return repository(repository)
                    .map(r -> page(r.referrers(subject, types), page, (d, descriptor) -> Optional.of(descriptor)))
                    .orElse(Page.empty());
        }
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page) {
        synchronized (blobs) {
            return page(repositories, page, (n, r) -> r.isEmpty() ? Optional.empty() : Optional.of(r.name()));
        }
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit) {
        synchronized (blobs) {
            return blobs.row(blob).stream()
                    .flatMap(row -> row.holders().stream())
                    .filter(this::ours)
                    .map(MemoryRepository::name)
                    .limit(limit)
                    .toList();
        }
    }

    private boolean ours(MemoryRepository repository) {
        return repositories.get(repository.name().value()) == repository;
    }

    @Override
    public Optional<StoredBlob> claim(RepositoryName repository, Digest digest, Lease lease, Reach reach) {
        synchronized (blobs) {
            Optional<BlobRows.Row> row = linked(repository, digest);
            row.ifPresent(r -> r.lease(lease.until()));
            return row.map(BlobRows.Row::stored);
        }
    }

    @Override
    public Optional<StoredBlob> mount(RepositoryName repository, Digest digest, Lease lease) {
        synchronized (blobs) {
            Optional<BlobRows.Row> row = blobs.row(digest);
            row.ifPresent(r -> link(r, repository, lease));
            return row.map(BlobRows.Row::stored);
        }
    }

    @Override
    public StoredBlob link(RepositoryName repository, StoredBlob fresh, Lease lease) {
        synchronized (blobs) {
            BlobRows.Row row = blobs.record(fresh, lease.until());
            link(row, repository, lease);
            return row.stored();
        }
    }

    private void link(BlobRows.Row row, RepositoryName repository, Lease lease) {
        row.holders().add(repositories.computeIfAbsent(repository.value(), n -> new MemoryRepository(repository)));
        row.lease(lease.until());
    }

    @Override
    public void put(RepositoryName repository, ManifestPut put) {
        synchronized (blobs) {
            MemoryRepository target = repository(repository).orElseGet(() -> new MemoryRepository(repository));
            requireBlobs(repository, put.required());
            Digest next = put.manifest().digest();
            Set<Tag> tags = put.options().tags();
            for (Tag tag : tags) {
                put.options().rule().check(tag, target.tagged(tag), next);
            }
            repositories.put(repository.value(), target);
            target.put(put.manifest(), put.links(), tags, clock.instant());
        }
    }

    private void requireBlobs(RepositoryName repository, List<Descriptor> required) {
        Set<Digest> missing = new LinkedHashSet<>();
        for (Descriptor wanted : required) {
            if (linked(repository, wanted.digest()).isEmpty()) {
                missing.add(wanted.digest());
            }
        }
        if (!missing.isEmpty()) {
            throw RegistryException.missingBlobs(List.copyOf(missing));
        }
        for (Descriptor wanted : required) {
            linked(repository, wanted.digest()).ifPresent(row -> requireSize(row.stored(), wanted.size()));
        }
    }

    private static void requireSize(StoredBlob stored, long size) {
        if (stored.size() != size) {
            throw RegistryException.invalidManifest("the manifest says that " + stored.digest() + " has " + size
                    + " bytes, but it has " + stored.size());
        }
    }

    @Override
    public boolean delete(RepositoryName repository, Reference reference) {
        synchronized (blobs) {
            return repository(repository)
                    .filter(r -> reference instanceof Tag tag ? r.untag(tag) : r.remove((Digest) reference))
                    .isPresent();
        }
    }

    @Override
    public boolean unlink(RepositoryName repository, Digest digest) {
        synchronized (blobs) {
            Optional<BlobRows.Row> row = linked(repository, digest);
            Optional<MemoryRepository> holder = repository(repository);
            if (row.isEmpty() || holder.isEmpty()) {
                return false;
            }
            if (holder.get().mentions(digest)) {
                throw new RegistryException.Unsupported(
                        "a manifest of " + repository + " refers to blob " + digest + ": delete the manifest first");
            }
            return row.get().holders().remove(holder.get());
        }
    }

    @Override
    public void damaged(BlobKey key) {
        synchronized (blobs) {
            blobs.damaged(key);
        }
    }

    @Override
    public boolean knows(BlobKey key) {
        synchronized (blobs) {
            return blobs.knows(key);
        }
    }

    @Override
    public List<BlobKey> dead(Instant now, int limit) {
        synchronized (blobs) {
            return blobs.dead(now, limit);
        }
    }

    @Override
    public void buried(BlobKey key) {
        synchronized (blobs) {
            blobs.buried(key);
        }
    }

    private Optional<MemoryRepository> repository(RepositoryName name) {
        return Optional.ofNullable(repositories.get(name.value()));
    }

    private Optional<BlobRows.Row> linked(RepositoryName repository, Digest digest) {
        return repository(repository)
                .flatMap(r -> blobs.row(digest).filter(row -> row.holders().contains(r)));
    }

    /** Those of the entries after the last one of the page before for which {@code item} has an answer. */
    private static <V, T> Page<T> page(
            NavigableMap<String, V> entries, PageRequest page, BiFunction<String, V, Optional<T>> item) {
        NavigableMap<String, V> rest =
                page.last().map(last -> entries.tailMap(last, false)).orElse(entries);
        List<T> items = new ArrayList<>();
        for (Map.Entry<String, V> entry : rest.entrySet()) {
            item.apply(entry.getKey(), entry.getValue()).ifPresent(items::add);
            if (items.size() > page.limit()) {
                break;
            }
        }
        return Page.cut(items, page.limit());
    }
}
