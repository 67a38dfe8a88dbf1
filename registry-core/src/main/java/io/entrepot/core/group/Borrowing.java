package io.entrepot.core.group;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs for the member that is pushed to, from those that hold them: linked where they share a blob store, copied otherwise.
 * Nothing is fetched for it but what nobody holds and the pusher was told of, so that a push needs no upstream.
 */
final class Borrowing {
    private static final Logger LOG = LoggerFactory.getLogger(Borrowing.class);
    private static final int BUFFER = 256 << 10;

    private final Members members;
    private final RepositoryName name;
    private final Call call;
    private final Call near;

    Borrowing(Members members, RepositoryName name, Call call) {
        this.members = members;
        this.name = name;
        this.call = call.apart();
        this.near = this.call.within(Reach.LOCAL);
    }

    /** All of a blob, if some other member holds it. The caller closes it. */
    Optional<Blob> find(Digest digest) {
        for (Member member : lenders()) {
            Optional<Blob> held = open(member, digest, near);
            if (held.isPresent()) {
                return held;
            }
        }
        return Optional.empty();
    }

    private List<Member> lenders() {
        return members.asked(name).stream()
                .filter(Member::online)
                .filter(member -> members.writable().filter(member::equals).isEmpty())
                .toList();
    }

    private Optional<Blob> open(Member member, Digest digest, Call as) {
        try {
            Blob blob = new Asking(members, member, name, as).of(there -> there.open(digest));
            if (blob.available() == blob.size() || as.reach() == Reach.ANYWHERE) {
                return Optional.of(blob);
            }
            blob.close();
        } catch (BeyondReach | RegistryException e) {
            LOG.debug("{} does not hold {}: {}", member, digest, e.toString());
        }
        return Optional.empty();
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
        if (!lend(digest, to, near) && call.reach() == Reach.ANYWHERE) {
            lend(digest, to, call);
        }
    }

    private boolean lend(Digest digest, Repository to, Call as) {
        for (Member member : lenders()) {
            Optional<Blob> held = open(member, digest, as);
            if (held.isPresent()) {
                try (Blob blob = held.get()) {
                    lend(blob, member, to);
                }
                return true;
            }
        }
        return false;
    }

    private void lend(Blob blob, Member from, Repository to) {
        for (RepositoryName spelling : members.spellings(from, name)) {
            if (to.mount(blob.digest(), from.registry().repository(spelling, near))
                    .isPresent()) {
                return;
            }
        }
        copy(blob, to);
    }

    private static void copy(Blob blob, Repository to) {
        UploadHints hints = new UploadHints(
                OptionalLong.of(blob.size()), Optional.of(blob.digest().algorithm()));
        try (Upload upload = to.upload(hints);
                InputStream in = blob.stream(new ByteRange(0, blob.size()))) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                upload.append(upload.offset(), ByteBuffer.wrap(buffer, 0, n));
            }
            upload.commit(blob.digest());
        } catch (IOException e) {
            throw RegistryException.storage("blob " + blob.digest() + " could not be copied", e);
        }
    }
}
