package io.entrepot.proxy.remote;

import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * When to ask again, and how long to wait before that. Three tries in all; about 200 ms before the second and 400 ms before
 * the third, or what the registry asks for if that is at most two seconds.
 *
 * @param clock for {@code Retry-After} as a date
 * @param chance so that many who failed together do not come back together
 */
record Patience(InstantSource clock, Sleeper sleeper, RandomGenerator chance) {
    static final int TRIES = 3;
    static final Duration LONGEST = Duration.ofSeconds(2);

    private static final long FIRST_MILLIS = 200;

    /** Waits. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** For everything but tests. */
    static Patience standard() {
        // The one generator that threads may share.
        return new Patience(InstantSource.system(), time -> Thread.sleep(time.toMillis()), new Random());
    }

    /** @param repeatable whether it does no harm to do it twice */
    <T> T with(boolean repeatable, Supplier<T> attempt) {
        int tries = 1;
        while (true) {
            try {
                return attempt.get();
            } catch (RegistryException.Unavailable e) {
                Duration asked = e.retryAfter().orElse(Duration.ZERO);
                if (!repeatable || tries == TRIES || !mayPass(e) || asked.compareTo(LONGEST) > 0) {
                    throw e;
                }
                pause(asked, tries, e);
            }
            tries++;
        }
    }

    private void pause(Duration asked, int tries, RegistryException.Unavailable why) {
        Duration backoff = Duration.ofMillis((long) ((FIRST_MILLIS << (tries - 1)) * (0.75 + chance.nextDouble() / 2)));
        try {
            sleeper.sleep(asked.compareTo(backoff) > 0 ? asked : backoff);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    /**
     * Whether the next attempt may fare better: connections that broke and servers that are in trouble, both of which have
     * an {@link IOException} as their cause. Not what has taken its time already, nor a certificate, which stays as it is.
     */
    private static boolean mayPass(RegistryException.Unavailable e) {
        return e.getCause() instanceof IOException io
                && !(io instanceof InterruptedIOException)
                && !(io instanceof SSLHandshakeException)
                && !(io instanceof SSLPeerUnverifiedException);
    }
}
