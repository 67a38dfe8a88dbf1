package io.entrepot.core;

import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * An open blob: its size first, then its bytes, in whatever way is cheapest for both sides. Belongs to the one caller
 * that opened it, who closes it; a blob that is deleted meanwhile can be read to its end.
 */
public interface Blob extends AutoCloseable {
    Digest digest();

    /** The whole size in bytes, known before the first byte is there. */
    long size();

    /** How many bytes from the beginning can be read now. Less than {@link #size()} only while it is being fetched. */
    default long available() {
        return size();
    }

    /**
     * Runs {@code listener} once, when more is available than {@link #available()} said last or {@link #failure()} has
     * come; at once if that is so already. It must not block: it runs on the writer's thread.
     */
    default void onMore(Runnable listener) {
        listener.run();
    }

    /** Why no further bytes will come, if so: what was sent must then not look complete. */
    default Optional<RegistryException> failure() {
        return Optional.empty();
    }

    /** Where the bytes may be fetched instead, for some minutes. */
    default Optional<URI> location() {
        return Optional.empty();
    }

    /** All the bytes, read-only, if they are in memory. */
    default Optional<ByteBuffer> memory() {
        return Optional.empty();
    }

    /**
     * A local file that begins with the bytes and may still be growing up to {@link #size()}. The channel is this
     * blob's alone and is closed with it. Interrupting a thread that reads it closes it.
     */
    default Optional<FileChannel> file() {
        return Optional.empty();
    }

    /**
     * The bytes of a range within {@link #size()}, blocking until they are there. The caller closes the stream.
     *
     * @throws RegistryException.Unavailable here or as an {@link java.io.IOException} of the stream, if they cannot be read
     */
    InputStream stream(ByteRange range);

    @Override
    void close();
}
