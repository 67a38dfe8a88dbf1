package io.entrepot.storage.file;

import io.entrepot.core.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * The hash of the first bytes of a growing file. It follows the file as long as it sees every byte in its turn; after a
 * restart, or when another algorithm is asked for in the end, it reads the rest from the file. Used by one thread at a
 * time.
 */
final class RunningHash {
    private static final int BUFFER_BYTES = 256 << 10;

    // Nearly every pushed blob is named by this one, and only the closing request says so.
    private Digest.Algorithm algorithm = Digest.Algorithm.SHA256;
    private MessageDigest digest = algorithm.newMessageDigest();
    private long upTo;

    /** These bytes stand in the file at {@code at} now. */
    void follow(long at, ByteBuffer bytes) {
        if (at == upTo) {
            upTo += bytes.remaining();
            digest.update(bytes);
        }
    }

    /** The digest of the first {@code size} bytes. Begins anew afterwards. */
    Digest finish(Digest.Algorithm wanted, long size, BlobFiles files, Path file) throws IOException {
        if (wanted != algorithm || upTo > size) {
            restart(wanted);
        }
        if (upTo < size) {
            catchUp(size, files, file);
        }
        // Which resets it.
        Digest result = Digest.of(algorithm, digest);
        upTo = 0;
        return result;
    }

    private void restart(Digest.Algorithm wanted) {
        algorithm = wanted;
        digest = wanted.newMessageDigest();
        upTo = 0;
    }

    private void catchUp(long size, BlobFiles files, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel channel = files.read(file)) {
            while (upTo < size) {
                buffer.clear().limit((int) Math.min(BUFFER_BYTES, size - upTo));
                if (channel.read(buffer, upTo) < 0) {
                    throw new EOFException("the file of an upload is shorter than what was written to it");
                }
                follow(upTo, buffer.flip());
            }
        }
    }
}
