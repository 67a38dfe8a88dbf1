package io.entrepot.core.group;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs for the member that is pushed to, from those that hold them: linked where they share a blob store, copied otherwise.
 * Nothing is fetched for it, so that a push needs no upstream.
 */
final class Borrowing {
    private static final Logger LOG = LoggerFactory.getLogger(Borrowing.class);
    private static final int BUFFER = 256 << 10;

    private final Members members;
    private final RepositoryName name;
    private final Call near;

    Borrowing(Members members, RepositoryName name, Call call) {
        this.members = members;
        this.name = name;
        this.near = call.apart().within(Reach.LOCAL);
    }

    /** A repository here that is not the one that is pushed to. */
    private record Lender(Member member, Repository repository) {}

    private List<Lender> lenders() {
        List<Lender> lenders = new ArrayList<>();
        for (Member member : members.asked(name)) {
            boolean itself = members.writable().filter(member::equals).isPresent();
            for (RepositoryName spelling : members.spellings(member, name)) {
                if (member.online() && !(itself && spelling.equals(name))) {
                    lenders.add(new Lender(member, members.registry(member).repository(spelling, near)));
                }
            }
        }
        return lenders;
    }

    /**
     * Makes a blob the repository's own that others hold, if that takes no copying; else says that it is held.
     *
     * @return empty if nobody holds it
     */
    Optional<Descriptor> promise(Digest digest, Repository to) {
        for (Lender lender : lenders()) {
            Optional<Blob> held = open(lender, digest);
            if (held.isPresent()) {
                try (Blob blob = held.get()) {
                    return Optional.of(
                            linked(digest, lender, to).orElseGet(() -> Descriptor.ofBlob(digest, blob.size())));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Blob> open(Lender lender, Digest digest) {
        try {
            Blob blob = lender.repository().open(digest);
            if (blob.available() == blob.size()) {
                return Optional.of(blob);
            }
            blob.close();
        } catch (BeyondReach | RegistryException e) {
            LOG.debug("{} does not hold {}: {}", lender.member(), digest, e.toString());
        }
        return Optional.empty();
    }

    /** Who only looks is not refused: where nothing may be written, whoever puts is told. */
    private static Optional<Descriptor> linked(Digest digest, Lender lender, Repository to) {
        try {
            return mount(digest, lender, to);
        } catch (RegistryException.Denied | RegistryException.Unsupported e) {
            return Optional.empty();
        }
    }

    private static Optional<Descriptor> mount(Digest digest, Lender lender, Repository to) {
        return to.mount(digest, lender.repository());
    }

    /** Gives the repository whatever it lacks of what a manifest needs, as far as others hold it. */
    void lend(Manifest manifest, Repository to) {
        for (Descriptor blob : needed(manifest)) {
            if (lacks(to, blob.digest())) {
                lend(blob.digest(), to);
            }
        }
    }

    /** What is malformed is refused by whoever takes it. */
    private static List<Descriptor> needed(Manifest manifest) {
        try {
            return manifest.links().blobs();
        } catch (RegistryException.Invalid e) {
            return List.of();
        }
    }

    private static boolean lacks(Repository repository, Digest digest) {
        try {
            repository.claim(digest);
            return false;
        } catch (RegistryException.Unknown e) {
            return true;
        }
    }

    private void lend(Digest digest, Repository to) {
        for (Lender lender : lenders()) {
            Optional<Blob> held = open(lender, digest);
            if (held.isPresent()) {
                try (Blob blob = held.get()) {
                    if (mount(digest, lender, to).isPresent() || copied(blob, lender, to)) {
                        return;
                    }
                }
            }
        }
    }

    /** @return whether the lender gave what it should have; otherwise nothing is left of it */
    private static boolean copied(Blob blob, Lender lender, Repository to) {
        UploadHints hints = new UploadHints(
                OptionalLong.of(blob.size()), Optional.of(blob.digest().algorithm()));
        boolean ended = false;
        Upload upload = to.upload(hints);
        try {
            if (filled(blob, lender, upload)) {
                ended = true;
                return committed(blob, lender, upload);
            }
            return false;
        } finally {
            if (!ended) {
                upload.cancel();
            }
            upload.close();
        }
    }

    private static boolean filled(Blob blob, Lender lender, Upload upload) {
        try (InputStream in = stream(blob)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                upload.append(upload.offset(), ByteBuffer.wrap(buffer, 0, n));
            }
            return true;
        } catch (IOException e) {
            LOG.warn("{} of {} cannot be read", blob.digest(), lender.member(), e);
            return false;
        }
    }

    /** A lender that fails is told from one lent to that does. */
    private static InputStream stream(Blob blob) throws IOException {
        try {
            return blob.stream(new ByteRange(0, blob.size()));
        } catch (RegistryException.Unavailable e) {
            throw new IOException(e);
        }
    }

    private static boolean committed(Blob blob, Lender lender, Upload upload) {
        try {
            upload.commit(blob.digest());
            return true;
        } catch (RegistryException.Invalid e) {
            if (e.code() != ErrorCode.DIGEST_INVALID) {
                throw e;
            }
            LOG.warn("{} of {} has other bytes than its digest says", blob.digest(), lender.member());
            return false;
        }
    }
}
