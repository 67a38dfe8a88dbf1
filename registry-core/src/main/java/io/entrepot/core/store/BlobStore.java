package io.entrepot.core.store;

import io.entrepot.core.Blob;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * Where bytes live, by digest. Knows no repositories, and is whole by itself: what {@link BlobWriter#commit} returned is
 * durable, is never overwritten and stays until {@link #delete}. Safe for all threads.
 *
 * <p>A session belongs to an {@code owner}, an opaque word of at most 64 letters, digits and dashes; to everybody else it
 * does not exist. Sessions survive the process as far as their bytes have reached the disk.
 */
public interface BlobStore extends AutoCloseable {

    /**
     * Opens a new session. When there are more open ones than the store allows, the longest idle one is ended for it.
     *
     * @param hints its size, if that is known: one that cannot fit is refused before its bytes are sent
     * @throws RegistryException.InsufficientStorage if less free space would be left than the store keeps in reserve
     */
    BlobWriter begin(String owner, UploadHints hints);

    default BlobWriter begin(String owner) {
        return begin(owner, UploadHints.NONE);
    }

    /**
     * Takes over a session: ends its present writer, waits until that one has stopped, and goes on from what is held.
     *
     * @throws RegistryException.Unknown if there is no such session of this owner
     */
    BlobWriter resume(UploadId id, String owner);

    /**
     * How far a session has come, without disturbing its writer.
     *
     * @throws RegistryException.Unknown if there is no such session of this owner
     */
    UploadStatus status(UploadId id, String owner);

    /**
     * Opens an object. An object deleted meanwhile can be read to its end.
     *
     * @throws RegistryException.Unavailable if it is missing or not of its size: only what a row promised is asked for
     * @throws io.entrepot.core.BeyondReach if {@code reach} is MEMORY and its bytes are not there
     */
    Blob open(StoredBlob blob, Reach reach);

    /**
     * Whether an object is there and of its size. If so, that says nothing of its bytes.
     *
     * @throws RegistryException.Unavailable if that cannot be told, say because the store's disk is not mounted
     */
    boolean holds(StoredBlob blob);

    /** Removes an object, settled or not. One that is missing is removed already. */
    void delete(BlobKey key);

    /** A row now says that this object is there (or the object was deleted): {@link #sweep} need not look after it. */
    void settle(BlobKey key);

    /**
     * Ends sessions that nobody has touched since {@code idleSince}, and looks after objects committed before then that
     * were never settled: those that {@code known} denies are deleted, the others settled.
     *
     * @param known whether some row refers to this object
     */
    void sweep(Instant idleSince, Predicate<BlobKey> known);

    /** Closes what is open for writing; sessions stay. Readers may finish. */
    @Override
    void close();
}
