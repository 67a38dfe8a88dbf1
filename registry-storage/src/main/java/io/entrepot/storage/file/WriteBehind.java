package io.entrepot.storage.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a growing upload to the disk while it grows, so that its commit has little left to sync: one sync at a time,
 * through a channel of its own, on a thread of the store. Used by the holder of the session.
 */
final class WriteBehind {
    private static final Logger log = LoggerFactory.getLogger(WriteBehind.class);

    private final BlobFiles files;
    private final Path path;
    private final SyncThreads threads;
    private final long every;
    private long begunAt;
    private Optional<SyncThreads.Begun> begun = Optional.empty();
    private volatile boolean failed;

    WriteBehind(BlobFiles files, Path path, SyncThreads threads, long every) {
        this.files = files;
        this.path = path;
        this.threads = threads;
        this.every = every;
    }

    /** The upload has this size now. */
    void grown(long size) {
        if (size - begunAt >= every && begun.stream().allMatch(SyncThreads.Begun::ended)) {
            begunAt = size;
            begun = Optional.of(threads.begin(this::sync));
        }
    }

    /** Whether bytes of the upload may be lost although writing them succeeded: it must never be committed. */
    boolean failed() {
        return failed;
    }

    /** Waits for the sync that was begun last. */
    void finish() throws IOException {
        begun.ifPresent(SyncThreads.Begun::await);
        if (failed) {
            throw new IOException("an earlier sync of this upload failed");
        }
    }

    private void sync() {
        try (BlobFiles.Output output = files.reopen(path)) {
            output.sync();
        } catch (IOException e) {
            log.warn("An upload could not be synced while it grew, and is discarded", e);
            failed = true;
        }
    }
}
