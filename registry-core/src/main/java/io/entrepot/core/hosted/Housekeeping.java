package io.entrepot.core.hosted;

import io.entrepot.core.RegistryException;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be done now and then over one blob store: idle uploads end, objects that no row came to refer to are
 * deleted, and so is what stands on the ledger of the dead. Every step may fail or be cut off anywhere and is simply
 * done again; nothing is locked meanwhile.
 */
public final class Housekeeping {
    /** An upload that nobody has touched for so long is over. */
    public static final Duration UPLOAD_IDLE = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int BATCH = 256;

    private final BlobStore blobs;
    private final MetadataStore metadata;
    private final Duration uploadIdle;
    private final InstantSource clock;

    /** @param metadata of any registry over this blob store: objects and their ledger belong to the store */
    public Housekeeping(BlobStore blobs, MetadataStore metadata, Duration uploadIdle, InstantSource clock) {
        this.blobs = blobs;
        this.metadata = metadata;
        this.uploadIdle = uploadIdle;
        this.clock = clock;
    }

    /** Ends idle uploads and looks after objects that were never settled. */
    public void sweep() {
        blobs.sweep(clock.instant().minus(uploadIdle), metadata::knows);
    }

    /**
     * Deletes dead objects until none is left that may go, or some could not be deleted: those are tried again the next
     * time. Returns how many went.
     */
    public int bury() {
        int gone = 0;
        while (true) {
            List<BlobKey> dead = metadata.dead(clock.instant(), BATCH);
            int failed = 0;
            for (BlobKey key : dead) {
                try {
                    blobs.delete(key);
                    metadata.buried(key);
                    gone++;
                } catch (RegistryException.Unavailable e) {
                    failed++;
                    LOG.warn("{} could not be deleted and is tried again later", key, e);
                }
            }
            if (dead.isEmpty() || failed > 0) {
                return gone;
            }
        }
    }
}
