package io.entrepot.proxy;

import io.entrepot.core.Blob;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.store.ProxyState.Answer;
import io.entrepot.core.store.ProxyState.Unfinished;
import io.entrepot.proxy.download.Origin;
import java.util.Optional;
import java.util.OptionalLong;

/** A blob of the upstream, and its place in the cache. What a download of some size has brought outlives this process. */
final class BlobOrigin implements Origin {
    /** Below this, beginning again is cheaper than remembering. */
    private static final long WORTH_REMEMBERING = 8 << 20;

    private final Parts parts;
    private final RepositoryName local;
    private final Digest digest;
    private final long size;

    BlobOrigin(Parts parts, RepositoryName local, Digest digest, long size) {
        this.parts = parts;
        this.local = local;
        this.digest = digest;
        this.size = size;
    }

    @Override
    public boolean there() {
        return mount().isPresent();
    }

    /** Makes it this repository's, if the blob store has it by now. */
    private Optional<Descriptor> mount() {
        return parts.kept(local).mount(digest, new Vouched(local, Descriptor.ofBlob(digest, size)));
    }

    @Override
    public Blob upstream() {
        return Upstreams.settle(() -> parts.upstream(local).repository().open(digest))
                .orElseThrow(() -> RegistryException.unknownBlob(digest));
    }

    @Override
    public boolean finish() {
        return parts.options().finishDownloads();
    }

    @Override
    public Upload upload() {
        Optional<Unfinished> unfinished =
                size < WORTH_REMEMBERING ? Optional.empty() : parts.state().unfinished(digest);
        if (unfinished.isPresent()) {
            try {
                return parts.kept(unfinished.get().repository())
                        .resume(unfinished.get().upload());
            } catch (RegistryException.Unknown e) {
                // It has expired, or its bytes did not survive a crash.
                parts.state().ended(digest);
            }
        }
        Upload upload = parts.kept(local).upload(new UploadHints(OptionalLong.of(size), Optional.empty()));
        if (size >= WORTH_REMEMBERING) {
            parts.state()
                    .begun(new Unfinished(
                            local, digest, upload.id(), parts.clock().instant()));
        }
        return upload;
    }

    /** What an earlier attempt began may have been kept for another repository. */
    @Override
    public Blob kept() {
        Repository kept = parts.kept(local);
        try {
            return kept.open(digest);
        } catch (RegistryException.Unknown e) {
            mount();
            return kept.open(digest);
        }
    }

    @Override
    public boolean makeRoom() {
        parts.makeRoom().run();
        return true;
    }

    @Override
    public void ended(Upload upload, Result result) {
        boolean goesOn = result == Result.BROKEN_OFF && size >= WORTH_REMEMBERING;
        if (!goesOn) {
            if (result != Result.KEPT) {
                cancel(upload);
            }
            if (size >= WORTH_REMEMBERING) {
                parts.state().ended(digest);
            }
        }
    }

    /** A commit of other bytes has ended the session itself. */
    private static void cancel(Upload upload) {
        try {
            upload.cancel();
        } catch (RegistryException.Unknown e) {
            return;
        }
    }

    @Override
    public void absent(RegistryException why) {
        parts.state()
                .answered(
                        local,
                        digest,
                        new Answer(Optional.empty(), parts.clock().instant()));
    }
}
