package io.entrepot.storage.file;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import io.entrepot.core.store.StoredBlob;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A blob in a file, with a channel of its own. */
final class FileBlob implements Blob {
    private static final Logger log = LoggerFactory.getLogger(FileBlob.class);

    private final StoredBlob stored;
    private final FileChannel channel;

    FileBlob(StoredBlob stored, FileChannel channel) {
        this.stored = stored;
        this.channel = channel;
    }

    @Override
    public Digest digest() {
        return stored.digest();
    }

    @Override
    public long size() {
        return stored.size();
    }

    @Override
    public Optional<FileChannel> file() {
        return Optional.of(channel);
    }

    @Override
    public InputStream stream(ByteRange range) {
        if (range.end() > size()) {
            throw new IllegalArgumentException("the blob ends at " + size() + ", before " + range);
        }
        return new Range(channel, range);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.warn("The file of {} did not close", stored.key(), e);
        }
    }

    /** Reads at places of its own, so that several ranges of one blob can be read in turns. */
    private static final class Range extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long at;

        Range(FileChannel channel, ByteRange range) {
            this.channel = channel;
            this.at = range.offset();
            this.end = range.end();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (at == end) {
                return -1;
            }
            int read = channel.read(ByteBuffer.wrap(target, offset, (int) Math.min(length, end - at)), at);
            if (read < 0) {
                throw new EOFException("the file of a blob ends before the blob does");
            }
            at += read;
            return read;
        }

        @Override
        public long skip(long n) {
            long skipped = Math.max(0, Math.min(n, end - at));
            at += skipped;
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, end - at);
        }
    }
}
