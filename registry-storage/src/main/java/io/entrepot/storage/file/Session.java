package io.entrepot.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One upload and what this process knows of it. Whoever works on it <em>holds</em> it, one at a time, and only its
 * present writer (or somebody who ends it) may: so two writers never overlap, and the running hash has seen exactly the
 * bytes that are in the file. The lock of the object guards who holds it and is never kept during I/O.
 */
final class Session {
    private enum State {
        OPEN,
        ENDED,
        /** The store was closed; the session lives on in its file. */
        SHUT
    }

    private final Layout.Part part;
    private final Path path;
    private final BlobFiles files;
    /** Holds this session exactly while it is open, has a file and no writer; changed under the lock of this. */
    private final IdleFiles idle;

    @GuardedBy("this")
    private State state = State.OPEN;

    @GuardedBy("this")
    private @Nullable Object writer;

    @GuardedBy("this")
    private boolean held;

    // The rest is changed by the holder only.
    private final RunningHash hash = new RunningHash();
    private final WriteBehind behind;
    private BlobFiles.@Nullable Output file;
    private volatile long offset;
    private volatile Instant touched;

    Session(
            Layout.Part part,
            Path path,
            BlobFiles files,
            IdleFiles idle,
            WriteBehind behind,
            long offset,
            Instant touched) {
        this.part = part;
        this.path = path;
        this.files = files;
        this.idle = idle;
        this.behind = behind;
        this.offset = offset;
        this.touched = touched;
    }

    UploadId id() {
        return part.id();
    }

    String owner() {
        return part.owner();
    }

    Path path() {
        return path;
    }

    long offset() {
        return offset;
    }

    Instant touched() {
        return touched;
    }

    /** Makes {@code newcomer} the only writer from now on, and returns when the one before has stopped. */
    synchronized void takeOver(Object newcomer, Instant now) {
        requireOpen();
        writer = newcomer;
        idle.remove(this);
        awaitRelease();
        requireWriter(newcomer);
        touched = now;
    }

    /** To be followed by {@link #release}. */
    synchronized void hold(Object asker) {
        awaitRelease();
        requireWriter(asker);
        held = true;
    }

    /** Holds the session whoever its writer is, unless it is held or over. To be followed by {@link #release}. */
    synchronized boolean holdIfIdle() {
        if (held || state != State.OPEN) {
            return false;
        }
        held = true;
        return true;
    }

    synchronized void release() {
        held = false;
        notifyAll();
    }

    /**
     * This writer is done; the session stays, and its file may stay open. Does nothing for one that is no longer the
     * writer.
     */
    void leave(Object leaver) {
        Optional<Session> givesWay;
        synchronized (this) {
            awaitRelease();
            if (state != State.OPEN || writer != leaver) {
                return;
            }
            writer = null;
            givesWay = file == null ? Optional.empty() : idle.add(this);
        }
        givesWay.ifPresent(Session::closeIfIdle);
    }

    /** The next writer opens the file again; one that is there already goes on with it. */
    private void closeIfIdle() {
        synchronized (this) {
            if (held || state != State.OPEN || writer != null) {
                return;
            }
            held = true;
        }
        closeFile();
        release();
    }

    /** By its holder: there is no such session from now on. */
    void end() {
        become(State.ENDED);
    }

    /** The store is closing: nobody writes any more, and the file stays for the next process. */
    void shut() {
        synchronized (this) {
            awaitRelease();
            if (state != State.OPEN) {
                return;
            }
            held = true;
        }
        become(State.SHUT);
        release();
    }

    private void become(State last) {
        synchronized (this) {
            state = last;
            writer = null;
            idle.remove(this);
        }
        closeFile();
    }

    /** By its holder. All of the bytes are in the file and hashed, or none is and the session is as it was. */
    void append(ByteBuffer bytes, Instant now) throws IOException {
        ByteBuffer written = bytes.duplicate();
        long end = offset;
        try {
            while (written.hasRemaining()) {
                end += file().write(written, end);
            }
        } catch (IOException | RuntimeException e) {
            rollBack();
            throw e;
        }
        hash.follow(offset, bytes);
        offset = end;
        touched = now;
        behind.grown(end);
    }

    /** By its holder: whether the disk has failed it, so that it can only be discarded. */
    boolean damaged() {
        return behind.failed();
    }

    private void rollBack() {
        try {
            file().truncate(offset);
        } catch (IOException e) {
            // The file may be longer than what was taken now: the next append writes over that, and a commit cuts it
            // off.
            closeFile();
        }
    }

    /** By its holder. */
    Digest digest(Digest.Algorithm algorithm) throws IOException {
        return hash.finish(algorithm, offset, files, path);
    }

    /** By its holder: all bytes are durable and the file is closed when this returns. */
    void sync() throws IOException {
        behind.finish();
        BlobFiles.Output open = file();
        long size = open.size();
        if (size < offset) {
            throw new IOException("the file of an upload has lost bytes: " + size + " of " + offset + " are left");
        }
        if (size > offset) {
            open.truncate(offset);
        }
        open.sync();
        file = null;
        open.close();
    }

    private BlobFiles.Output file() throws IOException {
        BlobFiles.Output open = file;
        if (open == null) {
            open = files.reopen(path);
            file = open;
        }
        return open;
    }

    /** Its file for reading, on any thread; empty if it is not there under this name any more. */
    Optional<FileChannel> open() {
        try {
            return Optional.of(files.read(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw RegistryException.storage("an upload's bytes cannot be read", e);
        }
    }

    /** By its holder, once. */
    void create() throws IOException {
        file = files.create(path);
    }

    private void closeFile() {
        BlobFiles.Output open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // What was written shows in the sync of a commit; without one nothing was promised.
                return;
            }
        }
    }

    @GuardedBy("this")
    private void requireOpen() {
        if (state == State.SHUT) {
            throw shuttingDown();
        }
        if (state == State.ENDED) {
            throw RegistryException.unknownUpload(id());
        }
    }

    static RegistryException shuttingDown() {
        return RegistryException.storage("the registry is shutting down: try again", null);
    }

    @GuardedBy("this")
    private void requireWriter(Object asker) {
        requireOpen();
        if (writer != asker) {
            throw RegistryException.unknownUpload(id());
        }
    }

    @GuardedBy("this")
    private void awaitRelease() {
        boolean interrupted = false;
        while (held) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
