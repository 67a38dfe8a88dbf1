package io.entrepot.storage.file;

import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.StoredBlob;
import java.io.IOException;

/** How sessions end: as an object, or as nothing. Everything here is done by the session's holder. */
final class Commits {
    private final SessionFolder sessions;
    private final ObjectFolder objects;
    private final Headroom headroom;

    Commits(SessionFolder sessions, ObjectFolder objects, Headroom headroom) {
        this.sessions = sessions;
        this.objects = objects;
        this.headroom = headroom;
    }

    /** An interrupt that came before is put aside; one in the middle of a sync fails this commit and nobody else's. */
    StoredBlob commit(Session held, Digest digest) {
        boolean interrupted = Thread.interrupted();
        try {
            return commitHere(held, digest);
        } catch (IOException e) {
            throw headroom.failure("the blob could not be stored: try again", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What fails before the bytes are synced leaves the session as it was, so that its commit can be tried again. */
    private StoredBlob commitHere(Session held, Digest digest) throws IOException {
        if (!held.digest(digest.algorithm()).equals(digest)) {
            discard(held);
            throw RegistryException.invalidDigest("the bytes that were received are not those of " + digest
                    + ": they are discarded, upload them again");
        }
        BlobKey key = new BlobKey(digest, held.id());
        objects.announce(key);
        try {
            StoredBlob stored = objects.seal(held, key);
            held.end();
            sessions.completed(held);
            return stored;
        } catch (IOException | RuntimeException e) {
            discard(held);
            throw e;
        }
    }

    void discard(Session held) {
        held.end();
        sessions.discard(held);
        headroom.forget();
    }
}
