package io.entrepot.core;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A blob on its way in. Bytes are pushed one filled buffer at a time, so that a slow sender holds no thread. An upload
 * has one writer: whoever resumes it ends the calls of an older writer first. One object is used by one thread at a
 * time.
 */
public interface Upload extends AutoCloseable {
    UploadId id();

    /** How many bytes are held. */
    long offset();

    /**
     * Takes all of {@code bytes}, which belong at {@code at}. On return they are hashed and written, not yet synced.
     *
     * @throws RegistryException.OutOfOrder if the upload does not end at {@code at}; nothing was taken
     * @throws RegistryException.Unknown if another request has ended the session or taken it over
     * @throws RegistryException.InsufficientStorage if they do not fit; the session stays as it was
     */
    void append(long at, ByteBuffer bytes);

    /**
     * Makes the bytes a blob of the repository. When this returns, the blob is durable and can be pulled, and the
     * session is gone.
     *
     * @throws RegistryException.Invalid with DIGEST_INVALID if the bytes are others; they are discarded with the session
     */
    Descriptor commit(Digest digest);

    /**
     * What it holds, for somebody who reads along on any thread. Empty if this kind of upload cannot be read, or was
     * committed or ended already.
     */
    default Optional<HeldBytes> held() {
        return Optional.empty();
    }

    /** Ends the session and discards its bytes. */
    void cancel();

    /** Leaves the session as it is, to be resumed. Does nothing after {@link #commit} or {@link #cancel}. */
    @Override
    void close();
}
