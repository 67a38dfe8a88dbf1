package io.entrepot.core;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * The bytes that an {@link Upload} holds, readable while it goes on. What was opened stays readable whatever becomes of the
 * upload. Belongs to the one reader that opened it, who closes it.
 */
public interface HeldBytes extends AutoCloseable {

    /**
     * Reads bytes that were appended before, from {@code at} on, as many as are held there and fit.
     *
     * @return how many; 0 only if none are held there
     * @throws RegistryException.Unavailable if they cannot be read
     */
    int read(long at, ByteBuffer into);

    /**
     * The file that they are in, read-only, which grows with them. It is closed with this. It may be longer than what is
     * held, by bytes that are being appended or that could not be: what lies beyond is not to be read.
     */
    Optional<FileChannel> file();

    @Override
    void close();
}
