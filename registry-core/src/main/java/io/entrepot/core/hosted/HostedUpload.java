package io.entrepot.core.hosted;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.Lease;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.StoredBlob;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/** An upload into a {@link HostedRepository}: a blob writer whose object gets its row before anybody is told of it. */
final class HostedUpload implements Upload {
    private final RepositoryName repository;
    private final BlobWriter writer;
    private final BlobStore blobs;
    private final MetadataStore metadata;
    private final Supplier<Lease> lease;

    HostedUpload(
            RepositoryName repository,
            BlobWriter writer,
            BlobStore blobs,
            MetadataStore metadata,
            Supplier<Lease> lease) {
        this.repository = repository;
        this.writer = writer;
        this.blobs = blobs;
        this.metadata = metadata;
        this.lease = lease;
    }

    @Override
    public UploadId id() {
        return writer.id();
    }

    @Override
    public long offset() {
        return writer.offset();
    }

    @Override
    public void append(long at, ByteBuffer bytes) {
        writer.append(at, bytes);
    }

    /**
     * If the row cannot be written, the object stays unsettled: the sweep asks later whether the row came to be after
     * all, since an error does not say which.
     */
    @Override
    public Descriptor commit(Digest digest) {
        StoredBlob fresh = writer.commit(digest);
        StoredBlob kept = metadata.link(repository, fresh, lease.get());
        blobs.settle(fresh.key());
        return kept.descriptor();
    }

    @Override
    public Optional<HeldBytes> held() {
        return writer.held();
    }

    @Override
    public void cancel() {
        writer.cancel();
    }

    @Override
    public void close() {
        writer.close();
    }
}
