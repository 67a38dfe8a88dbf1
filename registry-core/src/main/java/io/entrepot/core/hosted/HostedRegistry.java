package io.entrepot.core.hosted;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;
import java.time.InstantSource;
import java.util.List;

/**
 * A registry that keeps what is pushed to it: bytes in a blob store, everything else in a metadata store. Closing the
 * stores is the business of whoever made them.
 */
public final class HostedRegistry implements Registry {
    private final String name;
    private final BlobStore blobs;
    private final MetadataStore metadata;
    private final HostedOptions options;
    private final InstantSource clock;

    /** @param name as clients and messages know it; upload sessions are bound to it */
    public HostedRegistry(
            String name, BlobStore blobs, MetadataStore metadata, HostedOptions options, InstantSource clock) {
        this.name = name;
        this.blobs = blobs;
        this.metadata = metadata;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public Repository repository(RepositoryName repository, Call call) {
        return new HostedRepository(name, repository, blobs, metadata, options, clock, call);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        call.reach().require(Reach.LOCAL);
        return metadata.repositories(page);
    }

    @Override
    public List<RepositoryName> holders(Digest blob, int limit, Call call) {
        call.reach().require(Reach.LOCAL);
        return metadata.holders(blob, limit);
    }
}
