package io.entrepot.storage.file;

import io.entrepot.core.HeldBytes;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an upload's file holds, through a channel of this reader's own. */
record FileHeldBytes(FileChannel channel) implements HeldBytes {
    private static final Logger LOG = LoggerFactory.getLogger(FileHeldBytes.class);

    @Override
    public int read(long at, ByteBuffer into) {
        try {
            return Math.max(0, channel.read(into, at));
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
