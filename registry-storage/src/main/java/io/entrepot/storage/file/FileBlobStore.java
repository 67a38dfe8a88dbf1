package io.entrepot.storage.file;

import io.entrepot.core.Blob;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as files of one folder, which no other process or store may use meanwhile. Needs a file system that renames
 * atomically and keeps what was synced. Starting reads the open sessions, never the blobs.
 */
public final class FileBlobStore implements BlobStore {
    private static final Logger log = LoggerFactory.getLogger(FileBlobStore.class);

    private final Layout layout;
    private final BlobFiles files;
    private final Runnable unlock;
    private final InstantSource clock;
    private final Headroom headroom;
    private final SessionFolder sessions;
    private final ObjectFolder objects;
    private final SyncThreads threads = new SyncThreads();
    private final Commits commits;

    FileBlobStore(Path root, BlobFiles files, FileStoreOptions options, InstantSource clock, Runnable unlock)
            throws IOException {
        this.layout = new Layout(root);
        this.files = files;
        this.unlock = unlock;
        this.clock = clock;
        this.headroom = new Headroom(files, root, options.reserveBytes(), clock);
        this.sessions = new SessionFolder(layout, files, options, threads, clock);
        this.objects = new ObjectFolder(layout, files, clock);
        this.commits = new Commits(sessions, objects, headroom);
        recover();
    }

    /**
     * Opens the store in this folder, and makes it one first if it is new or empty.
     *
     * @throws DataFolderException with a sentence that says what to do, if the folder cannot be a blob store
     */
    public static FileBlobStore create(Path root, FileStoreOptions options) {
        return start(StoreFolder.create(root), options);
    }

    /**
     * Opens the store that is in this folder. Never makes one: a folder without a store may be the place where its disk
     * is not mounted.
     *
     * @throws DataFolderException with a sentence that says what to do, if there is none or it cannot be used
     */
    public static FileBlobStore open(Path root, FileStoreOptions options) {
        return start(StoreFolder.open(root), options);
    }

    private static FileBlobStore start(StoreFolder folder, FileStoreOptions options) {
        try {
            BlobFiles files = new DiskFiles(Layout.SHARDS);
            return new FileBlobStore(folder.root(), files, options, InstantSource.system(), folder.lock()::close);
        } catch (IOException e) {
            folder.lock().close();
            throw new DataFolderException("The blob store in " + folder.root() + " cannot be read: " + e, e);
        }
    }

    private void recover() throws IOException {
        List<BlobFiles.Entry> entries = files.list(layout.uploads());
        for (BlobFiles.Entry entry : entries) {
            Layout.parsePart(entry.name()).ifPresent(part -> sessions.found(part, entry));
        }
        for (BlobFiles.Entry entry : entries) {
            Optional<BlobKey> key = Layout.parseSealed(entry.name());
            if (key.isPresent()) {
                recover(key.get(), entry.modified());
            }
        }
    }

    /** A commit was cut short. Where renaming was not atomic the object wins: its bytes must not be written to again. */
    private void recover(BlobKey key, Instant since) throws IOException {
        if (sessions.has(key.generation()) && !files.exists(layout.object(key))) {
            files.delete(layout.sealed(key));
            return;
        }
        objects.found(key, since);
        sessions.lose(key.generation());
    }

    @Override
    public BlobWriter begin(String owner, UploadHints hints) {
        headroom.requireRoom(hints.size().orElse(0));
        try {
            return writer(sessions.begin(owner));
        } catch (IOException e) {
            throw headroom.failure("the upload could not be begun: try again", e);
        }
    }

    @Override
    public BlobWriter resume(UploadId id, String owner) {
        return writer(sessions.find(id, owner));
    }

    private BlobWriter writer(Session session) {
        return new FileBlobWriter(session, commits, headroom, clock);
    }

    @Override
    public UploadStatus status(UploadId id, String owner) {
        return new UploadStatus(id, sessions.find(id, owner).offset());
    }

    @Override
    public Blob open(StoredBlob blob, Reach reach) {
        reach.require(Reach.LOCAL);
        try {
            FileChannel channel = files.read(layout.object(blob.key()));
            try {
                requireSize(blob, channel.size());
                return new FileBlob(blob, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            log.error("{} has a row but no file: is its disk mounted, was it deleted by hand?", blob.key());
            throw RegistryException.storage("the bytes of " + blob.digest() + " are missing here", e);
        } catch (IOException e) {
            log.error("{} cannot be opened", blob.key(), e);
            throw RegistryException.storage("the bytes of " + blob.digest() + " cannot be read", e);
        }
    }

    private static void requireSize(StoredBlob blob, long found) {
        if (found != blob.size()) {
            log.error("{} should have {} bytes, its file has {}: it is damaged", blob.key(), blob.size(), found);
            throw RegistryException.storage("the bytes of " + blob.digest() + " are damaged here", null);
        }
    }

    /** Where the marker is gone, the disk is, and nothing can be told of what is on it. */
    @Override
    public boolean holds(StoredBlob blob) {
        try (FileChannel channel = files.read(layout.object(blob.key()))) {
            return channel.size() == blob.size();
        } catch (NoSuchFileException e) {
            return absent(blob, e);
        } catch (IOException e) {
            throw RegistryException.storage("the bytes of " + blob.digest() + " cannot be read", e);
        }
    }

    private boolean absent(StoredBlob blob, NoSuchFileException missing) {
        try {
            if (files.exists(layout.marker())) {
                return false;
            }
        } catch (IOException e) {
            missing.addSuppressed(e);
        }
        throw RegistryException.storage(
                "the blob store cannot tell whether it has " + blob.digest() + ": is it mounted?", missing);
    }

    @Override
    public void delete(BlobKey key) {
        try {
            objects.delete(key);
            headroom.forget();
        } catch (IOException e) {
            throw RegistryException.storage("the blob could not be deleted: try again", e);
        }
    }

    @Override
    public void settle(BlobKey key) {
        objects.settle(key);
    }

    @Override
    public void sweep(Instant idleSince, Predicate<BlobKey> known) {
        sessions.sweep(idleSince);
        objects.tidy();
        try {
            for (BlobFiles.Entry entry : files.list(layout.uploads())) {
                if (entry.modified().isBefore(idleSince)) {
                    adopt(entry);
                }
            }
        } catch (IOException e) {
            throw RegistryException.storage("the uploads of the blob store could not be swept", e);
        }
        objects.sweep(idleSince, known);
        headroom.forget();
    }

    /** What ended sessions and failed commits could not clear away. */
    private void adopt(BlobFiles.Entry entry) throws IOException {
        Optional<Layout.Part> part = Layout.parsePart(entry.name());
        if (part.isPresent() && !sessions.has(part.get().id())) {
            files.delete(layout.part(part.get()));
        }
        Optional<BlobKey> key = Layout.parseSealed(entry.name());
        if (key.isPresent() && !sessions.has(key.get().generation()) && !objects.lists(key.get())) {
            objects.found(key.get(), entry.modified());
        }
    }

    /** Waits until what is being written at this moment is written. */
    @Override
    public void close() {
        sessions.close();
        objects.tidy();
        threads.close();
        try {
            files.close();
        } catch (IOException e) {
            log.warn("The directories of the blob store did not close", e);
        } finally {
            unlock.run();
        }
    }
}
