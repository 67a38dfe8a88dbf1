package io.entrepot.core.store;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.UploadId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one proxy registry remembers besides content: what its upstream said and when, what was begun, what was read last,
 * and what is pinned. Names are those of the cache. Durable when a method returns, except for {@link #touch}. Safe for all
 * threads.
 */
public interface ProxyState extends AutoCloseable {

    /**
     * What the upstream said.
     *
     * @param digest what the reference led to; empty if the upstream certainly had nothing there
     */
    record Answer(Optional<Digest> digest, Instant at) {}

    /** A list of the upstream's in the words of whoever wrote it here: at most {@value #MAX_LIST} characters. */
    record Listing(String text, Instant at) {
        public Listing {
            if (text.length() > MAX_LIST) {
                throw new IllegalArgumentException("a list of " + text.length() + " characters is too long to keep");
            }
        }
    }

    int MAX_LIST = 16 << 20;

    /** Strangers can ask for any name, so of absences and of lists, each, only so many are kept, the newest. */
    int MAX_KEPT = 100_000;

    int MAX_KEY = 200;

    /**
     * A manifest in the cache.
     *
     * @param bytes its own, and those of the blobs that no other manifest of this registry refers to: what goes with it
     */
    record Image(RepositoryName repository, Digest manifest, long bytes, Instant lastRead) {}

    record Pin(RepositoryName repository, Reference reference) {}

    /** A download that has begun and is not known to have ended: the cache's upload session that holds its bytes. */
    record Unfinished(RepositoryName repository, Digest digest, UploadId upload, Instant begun) {}

    /**
     * The upstream's last answer about a tag, or about a digest that it did not have.
     *
     * @throws io.entrepot.core.BeyondReach if {@code reach} is MEMORY and memory cannot tell
     */
    Optional<Answer> answer(RepositoryName repository, Reference reference, Reach reach);

    void answered(RepositoryName repository, Reference reference, Answer answer);

    /**
     * @param key which of the lists of a repository: {@code tags}, {@code referrers/<digest>}; 1 to {@value #MAX_KEY}
     *     characters
     */
    Optional<Listing> listing(RepositoryName repository, String key);

    void listed(RepositoryName repository, String key, Listing listing);

    /** Forgets answers and lists of one repository. Content stays. */
    void forget(RepositoryName repository);

    /** Forgets answers and lists of all repositories. Content stays. */
    void forgetAll();

    /**
     * A blob as a cached manifest of this repository refers to it (as {@link io.entrepot.core.Links#blob} finds it),
     * whether or not its bytes are in the cache. Its size is what the manifest says.
     */
    Optional<Descriptor> referred(RepositoryName repository, Digest blob);

    /** A manifest was read: noted in memory, and written down by {@link #flush} and {@link #close}. Never blocks. */
    void touch(RepositoryName repository, Digest manifest, Instant at);

    /** Bytes of all manifests of this registry and of the blobs that they refer to and that are here, each blob once. */
    long heldBytes();

    /**
     * The manifests that were read (else: stored) longest ago, coldest first. Left out are pinned ones, those that a
     * pinned tag points to, and children of either. What was touched so far counts.
     */
    List<Image> coldest(int limit);

    void pin(Pin pin);

    /** @return whether it was there */
    boolean unpin(Pin pin);

    /** All, by repository and reference. */
    List<Pin> pins();

    void begun(Unfinished download);

    /** @return what was begun for this digest, if it is not known to have ended */
    Optional<Unfinished> unfinished(Digest digest);

    void ended(Digest digest);

    /**
     * Writes down what {@link #touch} noted, and forgets what is above {@link #MAX_KEPT}: to be called every half minute or
     * so. What cannot be written now stays noted for the next time; a crash loses it.
     */
    void flush();

    /** {@link #flush}es. To be called before the store beneath is closed. */
    @Override
    void close();

    /** For implementations: the key of a list, if it is one. */
    static String requireKey(String key) {
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw new IllegalArgumentException("the key of a list has 1 to " + MAX_KEY + " characters");
        }
        return key;
    }
}
