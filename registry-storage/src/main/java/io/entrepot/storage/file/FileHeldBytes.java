package io.entrepot.storage.file;

import io.entrepot.core.HeldBytes;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an upload's file holds, through a channel of this reader's own. The file may be longer than what the upload has
 * taken: by an append that is under way, or by what is left of one that failed.
 */
record FileHeldBytes(FileChannel channel, LongSupplier taken) implements HeldBytes {
    private static final Logger LOG = LoggerFactory.getLogger(FileHeldBytes.class);

    @Override
    public int read(long at, ByteBuffer into) {
        long held = taken.getAsLong() - at;
        if (held <= 0) {
            return 0;
        }
        ByteBuffer part = into.slice(into.position(), (int) Math.min(held, into.remaining()));
        try {
            int read = Math.max(0, channel.read(part, at));
            into.position(into.position() + read);
            return read;
        } catch (IOException e) {
            throw RegistryException.storage("an upload's bytes cannot be read", e);
        }
    }

    @Override
    public Optional<FileChannel> file() {
        return Optional.of(channel);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing an upload's file: {}", e.toString());
        }
    }
}
