package io.entrepot.storage.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the WAL from growing without end while readers overlap so that the ordinary checkpoints never find a moment to
 * start it anew: beyond a size, the writer waits for that moment.
 */
final class WalLimit implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(WalLimit.class);
    static final long MOST_BYTES = 64L << 20;

    /** To look at the file each time would cost more than it is worth. */
    private static final int EVERY = 256;

    private final Session writer;
    private final Path wal;
    private final long mostBytes;
    private int transactions;

    WalLimit(Session writer, Path wal, long mostBytes) {
        this.writer = writer;
        this.wal = wal;
        this.mostBytes = mostBytes;
    }

    @Override
    public void run() {
        if (++transactions % EVERY != 0) {
            return;
        }
        try {
            if (Files.exists(wal) && Files.size(wal) > mostBytes) {
                writer.script("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        } catch (IOException | SQLException e) {
            // The WAL stays large for now, which harms nobody but the disk's free space.
            LOG.warn("the WAL of the metadata database could not be truncated", e);
        }
    }
}
