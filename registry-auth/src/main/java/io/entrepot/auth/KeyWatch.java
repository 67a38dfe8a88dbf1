package io.entrepot.auth;

import io.entrepot.auth.token.SigningKeys;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the signing keys see what other processes do, and rotate when it is time. Has a thread of its own. */
final class KeyWatch {
    private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);
    private static final long GRACE_SECONDS = 10;

    private final SigningKeys keys;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread made = new Thread(runnable, "entrepot-keys");
        made.setDaemon(true);
        return made;
    });
    private boolean failing;

    KeyWatch(SigningKeys keys, Duration every) {
        this.keys = keys;
        // It never ends by itself, nor by an exception.
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            keys.poll();
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("the signing keys could not be read; those that are known go on", e);
            }
            failing = true;
        }
    }

    void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("looking at the signing keys does not end; it is left where it is");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
