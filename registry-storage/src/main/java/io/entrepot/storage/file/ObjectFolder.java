package io.entrepot.storage.file;

import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.StoredBlob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of a store, and the list of those that no row is known to name yet. An empty file stands for each entry of
 * that list, from before an object gets its name until it is settled, so that a process that dies in between leaves
 * nothing that is not looked after. (A power cut may lose the entry of an object whose commit it cut short, or bring a
 * deleted object back: that wastes space, which comparing files with rows finds, and never shows wrong bytes.)
 */
final class ObjectFolder {
    private static final Logger log = LoggerFactory.getLogger(ObjectFolder.class);

    private final Layout layout;
    private final BlobFiles files;
    private final InstantSource clock;
    private final Announcements announcements;
    private final ConcurrentMap<BlobKey, Instant> unsettled = new ConcurrentHashMap<>();
    private final ConcurrentMap<Path, GroupSync> shards = new ConcurrentHashMap<>();

    ObjectFolder(Layout layout, BlobFiles files, InstantSource clock) {
        this.layout = layout;
        this.files = files;
        this.clock = clock;
        this.announcements = new Announcements(layout, files, clock);
    }

    /** An entry of the list that an earlier process left. */
    void found(BlobKey key, Instant since) {
        unsettled.put(key, since);
    }

    /** Puts an object that is about to be named on the list. */
    void announce(BlobKey key) throws IOException {
        announcements.make(key);
    }

    /**
     * Makes the file of a session, which its caller holds, an announced object: its bytes are synced, then it gets its
     * name, then the name is synced. On failure there is neither an object nor a file.
     */
    StoredBlob seal(Session session, BlobKey key) throws IOException {
        long size = session.offset();
        try {
            // A sync that failed is never tried again: the system may have dropped the pages and forgotten the error.
            session.sync();
            files.rename(session.path(), layout.object(key));
            syncShard(key);
            unsettled.put(key, clock.instant());
            return new StoredBlob(key, size);
        } catch (IOException | RuntimeException e) {
            unsettled.put(key, clock.instant());
            withdraw(key);
            throw e;
        }
    }

    private void syncShard(BlobKey key) throws IOException {
        Path shard = layout.shard(key);
        shards.computeIfAbsent(shard, s -> new GroupSync(() -> files.syncDirectory(s)))
                .sync();
    }

    private void withdraw(BlobKey key) {
        try {
            delete(key);
        } catch (IOException e) {
            log.warn("What is left of {} could not be deleted; the next sweep tries again", key, e);
        }
    }

    /** Removes the object first: a list entry without an object is harmless, an object without either is not. */
    void delete(BlobKey key) throws IOException {
        files.delete(layout.object(key));
        unlist(key, announcements::delete);
    }

    void settle(BlobKey key) {
        settle(key, announcements::release);
    }

    private void settle(BlobKey key, Unlisting how) {
        try {
            unlist(key, how);
        } catch (IOException e) {
            log.warn("{} could not be taken off the list of unsettled objects; the next sweep tries again", key, e);
        }
    }

    private void unlist(BlobKey key, Unlisting how) throws IOException {
        if (unsettled.containsKey(key)) {
            how.apply(key);
            unsettled.remove(key);
        }
    }

    /** What is done with the file of a list entry. */
    private interface Unlisting {
        void apply(BlobKey key) throws IOException;
    }

    /** Leaves only files that stand for entries of the list. */
    void tidy() {
        announcements.deleteSpares();
    }

    boolean lists(BlobKey key) {
        return unsettled.containsKey(key);
    }

    /** Settles or deletes what has been on the list since before {@code since}; one that fails stays on it. */
    void sweep(Instant since, Predicate<BlobKey> known) {
        for (Map.Entry<BlobKey, Instant> entry : unsettled.entrySet()) {
            if (!entry.getValue().isBefore(since)) {
                continue;
            }
            if (known.test(entry.getKey())) {
                settle(entry.getKey(), announcements::delete);
            } else {
                withdraw(entry.getKey());
            }
        }
    }
}
