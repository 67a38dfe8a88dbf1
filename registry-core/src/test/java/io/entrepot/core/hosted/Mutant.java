package io.entrepot.core.hosted;

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
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/** A hosted registry whose uploads are committed in some other order, to see whether a test notices. */
record Mutant(Registry right, BlobStore blobs, Mutant.Commit commit) implements Registry {

    /** Makes the bytes that a writer holds a blob of the repository. */
    interface Commit {
        StoredBlob commit(RepositoryName repository, BlobWriter writer, Digest digest);
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new MutantRepository(right.repository(name, call), blobs, commit);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return right.repositories(page, call);
    }

    private record MutantRepository(Repository right, BlobStore blobs, Commit commit) implements Repository {
        @Override
        public RepositoryName name() {
            return right.name();
        }

        @Override
        public Upload upload(UploadHints hints) {
            return new MutantUpload(name(), blobs.begin("mutant"), commit);
        }

        @Override
        public Upload resume(UploadId id) {
            return new MutantUpload(name(), blobs.resume(id, "mutant"), commit);
        }

        @Override
        public UploadStatus status(UploadId id) {
            return blobs.status(id, "mutant");
        }

        @Override
        public Descriptor resolve(Reference reference) {
            return right.resolve(reference);
        }

        @Override
        public Manifest manifest(Reference reference) {
            return right.manifest(reference);
        }

        @Override
        public Descriptor stat(Digest blob) {
            return right.stat(blob);
        }

        @Override
        public Blob open(Digest blob) {
            return right.open(blob);
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            return right.tags(page);
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            return right.referrers(subject, types, page);
        }

        @Override
        public Descriptor claim(Digest blob) {
            return right.claim(blob);
        }

        @Override
        public Optional<Descriptor> mount(Digest blob, Repository source) {
            return right.mount(blob, source);
        }

        @Override
        public Descriptor put(Manifest manifest, PutOptions options) {
            return right.put(manifest, options);
        }

        @Override
        public void delete(Reference reference) {
            right.delete(reference);
        }

        @Override
        public void deleteBlob(Digest blob) {
            right.deleteBlob(blob);
        }
    }

    private record MutantUpload(RepositoryName repository, BlobWriter writer, Commit mutant) implements Upload {
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

        @Override
        public Descriptor commit(Digest digest) {
            return mutant.commit(repository, writer, digest).descriptor();
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
}
