package io.entrepot.proxy;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.store.ProxyState.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The blobs of one repository: from the cache, else by a download that all who want one share. A blob is this repository's
 * if a manifest that is held here refers to it, or if the upstream says so; that some other repository has it does not
 * count.
 */
final class ProxyBlobs {
    private final Parts parts;
    private final RepositoryName local;
    private final Call call;

    ProxyBlobs(Parts parts, RepositoryName local, Call call) {
        this.parts = parts;
        this.local = local;
        this.call = call;
    }

    Descriptor stat(Digest digest) {
        Repository kept = parts.cache().repository(local, call);
        try {
            return served(kept.stat(digest));
        } catch (RegistryException.Unknown e) {
            call.reach().require(Reach.LOCAL);
        }
        Optional<Descriptor> referred = parts.state().referred(local, digest);
        if (referred.isPresent()) {
            return served(Descriptor.ofBlob(digest, referred.get().size()));
        }
        requireNotAbsent(digest);
        call.reach().require(Reach.ANYWHERE);
        Optional<Upstreams.Told<Descriptor>> found = parts.upstream(local).ask(there -> there.stat(digest));
        if (found.isEmpty()) {
            throw absent(digest);
        }
        return served(Descriptor.ofBlob(digest, found.get().value().size()));
    }

    private Descriptor served(Descriptor blob) {
        parts.answered(call, List.of());
        return blob;
    }

    Blob open(Digest digest) {
        Blob blob = find(digest);
        parts.answered(call, List.of());
        return blob;
    }

    private Blob find(Digest digest) {
        try {
            return parts.cache().repository(local, call).open(digest);
        } catch (RegistryException.Unknown e) {
            call.reach().require(Reach.LOCAL);
        }
        Optional<Descriptor> referred = parts.state().referred(local, digest);
        if (referred.isPresent()) {
            return referred(referred.get());
        }
        requireNotAbsent(digest);
        call.reach().require(Reach.ANYWHERE);
        return unreferred(digest);
    }

    /** A manifest says how large it is, so that nobody has to wait for the upstream here. */
    private Blob referred(Descriptor blob) {
        boolean underWay = parts.downloads().fetches(blob.digest());
        if (!underWay) {
            // Another repository may have it: then it need not be fetched.
            Optional<Descriptor> mounted = parts.kept(local).mount(blob.digest(), new Vouched(local, blob));
            if (mounted.isPresent()) {
                return parts.kept(local).open(blob.digest());
            }
            call.reach().require(Reach.ANYWHERE);
        }
        return parts.downloads().open(blob.digest(), blob.size(), origin(blob.digest(), blob.size()));
    }

    /**
     * The upstream's own word is needed, and not yet the bytes: somebody may be fetching them already, and whoever breaks off
     * an answer has been sent megabytes of it.
     */
    private Blob unreferred(Digest digest) {
        long size = size(digest);
        return parts.downloads().open(digest, size, origin(digest, size));
    }

    private long size(Digest digest) {
        try {
            return Upstreams.settle(() ->
                            parts.upstream(local).repository().stat(digest).size())
                    .orElseThrow(() -> absent(digest));
        } catch (RegistryException.Unavailable e) {
            throw wasAbsent(digest) ? e.ofAbsent() : e;
        }
    }

    private BlobOrigin origin(Digest digest, long size) {
        return new BlobOrigin(parts, local, digest, size);
    }

    private RegistryException absent(Digest digest) {
        parts.state().answered(local, digest, new Answer(Optional.empty(), now()));
        return RegistryException.unknownBlob(digest);
    }

    private boolean wasAbsent(Digest digest) {
        return parts.state()
                .answer(local, digest, Reach.LOCAL)
                .filter(answer -> answer.digest().isEmpty())
                .isPresent();
    }

    private void requireNotAbsent(Digest digest) {
        Duration fresh = parts.options().notFoundFreshness();
        Optional<Answer> last = parts.state().answer(local, digest, call.reach());
        if (last.filter(answer -> answer.digest().isEmpty()
                        && !now().isBefore(answer.at())
                        && now().isBefore(answer.at().plus(fresh)))
                .isPresent()) {
            throw RegistryException.unknownBlob(digest);
        }
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
