package io.entrepot.storage.file;

import io.entrepot.core.Digest;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.InstantSource;
import java.util.Optional;

/** Writes one upload session, on the threads of its callers. */
final class FileBlobWriter implements BlobWriter {

    private final Session session;
    private final Commits commits;
    private final Headroom headroom;
    private final InstantSource clock;

    /** The session's only writer from now on. Returns when the one before has stopped. */
    FileBlobWriter(Session session, Commits commits, Headroom headroom, InstantSource clock) {
        this.session = session;
        this.commits = commits;
        this.headroom = headroom;
        this.clock = clock;
        session.takeOver(this, clock.instant());
    }

    @Override
    public UploadId id() {
        return session.id();
    }

    @Override
    public long offset() {
        return session.offset();
    }

    @Override
    public void append(long at, ByteBuffer bytes) {
        session.hold(this);
        try {
            long end = session.offset();
            if (at != end) {
                throw new RegistryException.OutOfOrder(
                        end, "the upload goes on at byte " + end + ", not at " + at + ": ask for its status");
            }
            if (session.damaged()) {
                commits.discard(session);
                throw RegistryException.storage(
                        "the disk failed this upload, which is discarded: upload it again", null);
            }
            headroom.demand(bytes.remaining());
            write(bytes);
        } finally {
            session.release();
        }
    }

    /** An interrupt in the middle of a write closes the channel, which is ours alone: the write is done again. */
    private void write(ByteBuffer bytes) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    interrupted |= Thread.interrupted();
                    session.append(bytes, clock.instant());
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } catch (IOException e) {
            throw headroom.failure("the upload could not be written: try again", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A commit gives the file another name at most: whoever has it open reads on. */
    @Override
    public Optional<HeldBytes> held() {
        return session.open().map(file -> new FileHeldBytes(file, session::offset));
    }

    @Override
    public StoredBlob commit(Digest digest) {
        session.hold(this);
        try {
            return commits.commit(session, digest);
        } finally {
            session.release();
        }
    }

    @Override
    public void cancel() {
        session.hold(this);
        try {
            commits.discard(session);
        } finally {
            session.release();
        }
    }

    @Override
    public void close() {
        session.leave(this);
    }
}
