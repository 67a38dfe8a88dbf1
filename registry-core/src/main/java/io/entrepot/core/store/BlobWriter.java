package io.entrepot.core.store;

import io.entrepot.core.Digest;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The one writer of an upload session. Used by one thread at a time; whoever resumes the session ends this writer first,
 * after which its calls throw {@link RegistryException.Unknown}.
 */
public interface BlobWriter extends AutoCloseable {
    UploadId id();

    long offset();

    /**
     * Hashes and writes all of {@code bytes}; syncs nothing.
     *
     * @throws RegistryException.OutOfOrder if the session does not end at {@code at}; nothing was taken
     * @throws RegistryException.InsufficientStorage if they do not fit; the session stays at its offset
     */
    void append(long at, ByteBuffer bytes);

    /**
     * Makes the bytes a durable object and ends the session: bytes synced, name synced. The object stays on the list that
     * {@link BlobStore#sweep} works off until {@link BlobStore#settle} or {@link BlobStore#delete} takes it from there.
     *
     * @throws RegistryException.Invalid with DIGEST_INVALID if the bytes have another digest; they are gone then
     */
    StoredBlob commit(Digest digest);

    /** {@link io.entrepot.core.Upload#held}: asked on any thread, while another one appends. */
    Optional<HeldBytes> held();

    /** Ends the session and discards its bytes. */
    void cancel();

    /** Leaves the session to be resumed. Does nothing after {@link #commit} or {@link #cancel}. */
    @Override
    void close();
}
