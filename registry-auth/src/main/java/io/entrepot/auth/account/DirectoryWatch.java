package io.entrepot.auth.account;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a directory up with what other processes change, and writes down which keys are used. Has a thread of its own. */
public final class DirectoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);
    private static final Duration USAGE = Duration.ofHours(1);

    private final Directory directory;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "directory-watch");
        thread.setDaemon(true);
        return thread;
    });
    private boolean failing;

    /** @param every how often; at most two seconds, if revoked rights are to end in five */
    @SuppressWarnings("FutureReturnValueIgnored") // It is done until the thread ends, and reports by itself.
    public DirectoryWatch(Directory directory, Duration every) {
        this.directory = directory;
        thread.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            directory.refresh();
            directory.saveUsage(USAGE);
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("users and roles could not be read; what was known before still holds", e);
            }
            failing = true;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
