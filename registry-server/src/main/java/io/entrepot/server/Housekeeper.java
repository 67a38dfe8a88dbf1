package io.entrepot.server;

import io.entrepot.core.hosted.Housekeeping;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that tidies up behind everybody else. A step that fails is logged and done again at its next turn; none
 * is ever interrupted, since that would close the files it works on.
 */
final class Housekeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
    private static final Duration BURY = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofMinutes(10);
    private static final long GRACE_SECONDS = 30;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "entrepot-housekeeper");
        made.setDaemon(true);
        return made;
    });

    void lookAfter(Housekeeping housekeeping) {
        every(BURY, housekeeping::bury);
        every(SWEEP, housekeeping::sweep);
    }

    /** Does a step again and again, a period after it was done last. */
    void every(Duration period, Runnable step) {
        long millis = period.toMillis();
        // It never ends by itself, nor by an exception.
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(() -> careful(step), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static void careful(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("tidying up failed and is tried again", e);
        }
    }

    /** Begins nothing more and waits for the step that runs. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("tidying up does not end; it is left where it is");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
