package io.entrepot.auth.password;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets a few passwords be hashed at once and some more wait, so that logins, however many, leave the processor to those
 * who pull. The others are told to come back.
 */
public final class HashingGate {
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PasswordHasher hasher;
    private final Semaphore permits;
    private final int maxWaiting;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Two at once, 64 that wait. */
    public HashingGate(PasswordHasher hasher) {
        this(hasher, 2, 64);
    }

    public HashingGate(PasswordHasher hasher, int atOnce, int maxWaiting) {
        this.hasher = hasher;
        this.permits = new Semaphore(atOnce, true);
        this.maxWaiting = maxWaiting;
    }

    /**
     * {@link PasswordHasher#hash}, when it is its turn.
     *
     * @throws RegistryException.Unavailable with TOOMANYREQUESTS if too many wait already
     */
    public String hash(String password) {
        return pass(() -> hasher.hash(password));
    }

    /** {@link PasswordHasher#matches}, likewise. */
    public boolean matches(String password, String hash) {
        return pass(() -> hasher.matches(password, hash));
    }

    /** {@link PasswordHasher#matchNobody}, likewise. */
    public void matchNobody(String password) {
        pass(() -> {
            hasher.matchNobody(password);
            return true;
        });
    }

    /** {@link PasswordHasher#outdated}: takes no time. */
    public boolean outdated(String hash) {
        return hasher.outdated(hash);
    }

    private <T> T pass(Supplier<T> work) {
        enter();
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }

    private void enter() {
        if (permits.tryAcquire()) {
            return;
        }
        try {
            if (waiting.incrementAndGet() > maxWaiting
                    || !permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } finally {
            waiting.decrementAndGet();
        }
    }

    private static RegistryException busy() {
        return new RegistryException.Unavailable(
                ErrorCode.TOOMANYREQUESTS, "too many logins at once: try again in a moment", Optional.of(RETRY), null);
    }
}
