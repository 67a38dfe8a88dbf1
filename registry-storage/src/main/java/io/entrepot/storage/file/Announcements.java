package io.entrepot.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.entrepot.core.store.BlobKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The empty files that say of objects that no row may know them. The file of an object that is settled is kept for a
 * while and becomes that of the next one: making and deleting one each time was measured to cost a tenth of a small
 * commit, and a third on a disk where many files had been deleted lately. One that a process leaves behind that way
 * names an object that was settled, so that a sweep which asks for it again does no harm.
 */
final class Announcements {
    private static final Logger log = LoggerFactory.getLogger(Announcements.class);
    /** As many as there may be commits at a time, more or less. */
    private static final int MOST_SPARE = 64;
    /** The time of a file tells the next process when its object was committed: it may be early by as much as this. */
    private static final Duration GOOD_FOR = Duration.ofMinutes(1);

    private record Spare(Path file, Instant made) {
        boolean isFresh(Instant now) {
            return !now.isBefore(made) && now.isBefore(made.plus(GOOD_FOR));
        }
    }

    private final Layout layout;
    private final BlobFiles files;
    private final InstantSource clock;
    /** When the files that stand for an object now were made; one of which that is not known is not used again. */
    private final ConcurrentMap<BlobKey, Instant> made = new ConcurrentHashMap<>();

    @GuardedBy("this")
    private final Deque<Spare> spares = new ArrayDeque<>();

    Announcements(Layout layout, BlobFiles files, InstantSource clock) {
        this.layout = layout;
        this.files = files;
        this.clock = clock;
    }

    /** To be called before the object gets its name. */
    void make(BlobKey key) throws IOException {
        Optional<Spare> spare = takeSpare();
        if (spare.isPresent() && reuse(spare.get(), key)) {
            return;
        }
        Instant now = clock.instant();
        try {
            files.create(layout.sealed(key)).close();
            made.put(key, now);
        } catch (FileAlreadyExistsException e) {
            // By an attempt to commit the same session that got no further than this.
            log.debug("{} was announced before", key);
        }
    }

    private boolean reuse(Spare spare, BlobKey key) {
        if (!spare.isFresh(clock.instant())) {
            discard(spare);
            return false;
        }
        try {
            files.rename(spare.file(), layout.sealed(key));
            made.put(key, spare.made());
            return true;
        } catch (IOException e) {
            // Whether it is there now or not, making it comes to the same; a spare that stays is swept.
            log.debug("{} could not be announced by a spare file", key, e);
            return false;
        }
    }

    /** A row knows the object: its file is free for another one. */
    void release(BlobKey key) throws IOException {
        Instant since = made.remove(key);
        if (since == null || !addSpare(new Spare(layout.sealed(key), since))) {
            files.delete(layout.sealed(key));
        }
    }

    void delete(BlobKey key) throws IOException {
        made.remove(key);
        files.delete(layout.sealed(key));
    }

    /** Deletes what is kept for the next objects. */
    void deleteSpares() {
        for (Optional<Spare> spare = takeSpare(); spare.isPresent(); spare = takeSpare()) {
            discard(spare.get());
        }
    }

    private void discard(Spare spare) {
        try {
            files.delete(spare.file());
        } catch (IOException e) {
            log.warn("A file in uploads could not be deleted; the next sweep tries again", e);
        }
    }

    private synchronized Optional<Spare> takeSpare() {
        return Optional.ofNullable(spares.pollLast());
    }

    private synchronized boolean addSpare(Spare spare) {
        return spares.size() < MOST_SPARE && spares.add(spare);
    }
}
