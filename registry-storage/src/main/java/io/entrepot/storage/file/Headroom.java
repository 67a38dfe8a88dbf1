package io.entrepot.storage.file;

import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps uploads out of the last free space of a disk: the database and deletions live on that. The disk is asked once a
 * second; in between what was granted is subtracted.
 */
final class Headroom {
    private static final Duration GOOD_FOR = Duration.ofSeconds(1);

    private record Reading(Instant at, AtomicLong left) {}

    private final BlobFiles files;
    private final Path root;
    private final long reserve;
    private final InstantSource clock;
    private volatile @Nullable Reading last;

    Headroom(BlobFiles files, Path root, long reserve, InstantSource clock) {
        this.files = files;
        this.root = root;
        this.reserve = reserve;
        this.clock = clock;
    }

    /** @throws RegistryException.InsufficientStorage if these bytes would come from the reserve */
    void demand(long bytes) {
        AtomicLong left = reading().left();
        if (left.addAndGet(-bytes) < reserve) {
            left.addAndGet(bytes);
            throw full(null);
        }
    }

    /** {@link #demand} of what will be written bit by bit: nothing is set aside for it. */
    void requireRoom(long bytes) {
        if (reading().left().get() - bytes < reserve) {
            throw full(null);
        }
    }

    /** Something changed: ask the disk next time. */
    void forget() {
        last = null;
    }

    /** What to tell a client after a failed write: that the disk is full, if it is, or that it is at fault. */
    RegistryException failure(String what, IOException e) {
        forget();
        String said = String.valueOf(e.getMessage());
        boolean full = said.contains("No space left") || said.contains("quota") || said.contains("not enough space");
        return full || exhausted() ? full(e) : RegistryException.storage(what, e);
    }

    private boolean exhausted() {
        // What the system says is in the language of its user, so words are not enough.
        try {
            return files.usableSpace(root) < Math.max(reserve, 1);
        } catch (IOException e) {
            return false;
        }
    }

    private Reading reading() {
        Instant now = clock.instant();
        Reading reading = last;
        if (reading == null
                || now.isBefore(reading.at())
                || !now.isBefore(reading.at().plus(GOOD_FOR))) {
            try {
                reading = new Reading(now, new AtomicLong(files.usableSpace(root)));
            } catch (IOException e) {
                throw RegistryException.storage("the blob store cannot tell how much space it has: is it mounted?", e);
            }
            last = reading;
        }
        return reading;
    }

    private static RegistryException.InsufficientStorage full(@Nullable Throwable cause) {
        return new RegistryException.InsufficientStorage(
                "insufficient storage: the disk of this blob store is full; delete images or ask for more space",
                cause);
    }
}
