package io.entrepot.auth.token;

import io.entrepot.auth.secret.SecretBox;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.DocumentStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that this installation signs its tokens with: made by it, stored encrypted, the same for all its processes.
 * Each is known to everybody before the first token is signed with it, and until after the last of those has expired, so
 * that no rotation makes a good token a bad one.
 */
public final class SigningKeys {
    public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(90);

    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    /** Between two looks at the store that somebody else's tokens can cause. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int TRIES = 5;

    /** What a key is for now. */
    public enum State {
        /** Known, so that it can sign at once when it is needed. */
        NEXT,
        /** Signs. */
        ACTIVE,
        /** Signs no more; what it has signed is good until it expires. */
        RETIRED
    }

    /** What may be shown of a key. */
    public record Info(String id, State state, Instant since) {}

    private final KeyDocument document;
    private final Duration maxAge;
    private final InstantSource clock;
    private final SecureRandom random;
    /** Replaced under this object's lock, by newer ones only. */
    private volatile KeyDocument.Stored stored = KeyDocument.Stored.NOTHING;
    /** When somebody else's token made this look at the store; under this object's lock. */
    private Instant looked;

    /**
     * Makes keys if there are none.
     *
     * @param maxAge how long a key signs
     */
    SigningKeys(DocumentStore documents, SecretBox box, Duration maxAge, InstantSource clock, SecureRandom random) {
        this.document = new KeyDocument(documents, box);
        this.maxAge = maxAge;
        this.clock = clock;
        this.random = random;
        this.looked = clock.instant();
        change(ring -> ring);
    }

    /**
     * Sees what other processes have changed, rotates what is old, and forgets what is of no use. To be called every second
     * or two; it costs one question for a number while nothing has changed.
     *
     * @throws RegistryException.Unavailable if the store cannot be asked; the keys stay as they are
     */
    public void poll() {
        document.newer(stored).ifPresent(this::adopt);
        if (isDue(stored.ring())) {
            LOG.info("the signing key is {} days old and is replaced by the next one", maxAge.toDays());
            change(ring -> isDue(ring) ? ring.rotated(clock.instant(), random) : ring);
        } else if (stored.ring().pruned(clock.instant()) != stored.ring()) {
            change(ring -> ring.pruned(clock.instant()));
        }
    }

    private KeyRing fresh() {
        return KeyRing.fresh(clock.instant(), random);
    }

    private synchronized void adopt(KeyDocument.Stored seen) {
        stored = KeyDocument.Stored.newest(stored, seen);
    }

    private boolean isDue(KeyRing ring) {
        return !clock.instant().isBefore(ring.active().since().plus(maxAge));
    }

    /** The next key signs from now on; what was signed before stays good. */
    public void rotate() {
        change(ring -> ring.rotated(clock.instant(), random));
    }

    /** For when a key has leaked: nothing that was signed before is good any more, everybody needs a new token. */
    public void replace() {
        change(ring -> fresh());
    }

    /** Seals them under the master key that is current now. */
    public void reseal() {
        change(ring -> new KeyRing(ring.keys()));
    }

    /** Whoever is faster decides: the change is made to what he left. */
    private void change(UnaryOperator<KeyRing> change) {
        for (int i = 1; ; i++) {
            try {
                Optional<KeyDocument.Stored> seen = document.read();
                KeyRing ring = seen.map(KeyDocument.Stored::ring).orElseGet(this::fresh);
                KeyRing next = change.apply(ring);
                adopt(seen.isPresent() && next == ring ? seen.get() : document.write(next, seen));
                return;
            } catch (DocumentStore.ConflictException e) {
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The keys by which tokens are verified, as a JSON Web Key Set (RFC 7517), for whoever may know it: everybody. */
    public byte[] jwks() {
        return stored.ring().jwks();
    }

    public List<Info> list() {
        return stored.ring().keys().stream()
                .map(key -> new Info(key.id(), key.state(), key.since()))
                .toList();
    }

    SigningKey signing() {
        look();
        return stored.ring().signing(clock.instant());
    }

    /** From memory. */
    Optional<SigningKey> key(String id) {
        return stored.ring().key(id);
    }

    /** Asks the store, too, if that was not done within the last second, whoever asked. */
    Optional<SigningKey> findKey(String id) {
        if (key(id).isEmpty()) {
            look();
        }
        return key(id);
    }

    private void look() {
        if (isTimeToLook()) {
            try {
                poll();
            } catch (RegistryException.Unavailable | DocumentStore.ConflictException e) {
                LOG.warn("cannot see whether the signing keys have changed: {}", e.getMessage());
            }
        }
    }

    private synchronized boolean isTimeToLook() {
        Instant now = clock.instant();
        boolean due = !now.isBefore(looked.plus(PAUSE));
        looked = due ? now : looked;
        return due;
    }
}
