package io.entrepot.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Syncs directories and keeps some of them open for the next time. Whoever syncs one has its channel to himself
 * meanwhile, so that an interrupt, which closes it, is his alone; it is opened anew then, and also after an error.
 */
final class OpenDirectories implements Closeable {
    private final int most;

    /** Those that nobody is syncing. */
    @GuardedBy("this")
    private final Map<Path, FileChannel> idle = new HashMap<>();

    @GuardedBy("this")
    private boolean closed;

    /** @param most how many stay open */
    OpenDirectories(int most) {
        this.most = most;
    }

    void sync(Path directory) throws IOException {
        FileChannel channel = take(directory);
        if (channel == null) {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        }
        boolean kept = false;
        try {
            channel.force(true);
            kept = keep(directory, channel);
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private synchronized @Nullable FileChannel take(Path directory) {
        return idle.remove(directory);
    }

    private synchronized boolean keep(Path directory, FileChannel channel) {
        return !closed && idle.size() < most && idle.putIfAbsent(directory, channel) == null;
    }

    /** What is synced later is not kept open. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (FileChannel channel : idle.values()) {
            channel.close();
        }
        idle.clear();
    }
}
