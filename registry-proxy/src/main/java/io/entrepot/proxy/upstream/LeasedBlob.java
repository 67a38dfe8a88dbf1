package io.entrepot.proxy.upstream;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.function.Consumer;

/** A blob that gives back its place in the lane when it is closed, and says so when its bytes cease to come. */
final class LeasedBlob implements Blob {
    private final Blob blob;
    private final Lane.Permit permit;
    private final Consumer<String> onBroken;

    /** @param onBroken told a sentence, perhaps more than once */
    LeasedBlob(Blob blob, Lane.Permit permit, Consumer<String> onBroken) {
        this.blob = blob;
        this.permit = permit;
        this.onBroken = onBroken;
    }

    @Override
    public Digest digest() {
        return blob.digest();
    }

    @Override
    public long size() {
        return blob.size();
    }

    @Override
    public long available() {
        return blob.available();
    }

    @Override
    public void onMore(Runnable listener) {
        blob.onMore(listener);
    }

    @Override
    public Optional<RegistryException> failure() {
        return blob.failure();
    }

    @Override
    public Optional<URI> location() {
        return blob.location();
    }

    @Override
    public Optional<ByteBuffer> memory() {
        return blob.memory();
    }

    @Override
    public Optional<FileChannel> file() {
        return blob.file();
    }

    @Override
    public InputStream stream(ByteRange range) {
        try {
            return new Watched(blob.stream(range), range.length());
        } catch (RegistryException.Unavailable e) {
            onBroken.accept(e.problems().get(0).message());
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            blob.close();
        } finally {
            permit.close();
        }
    }

    /** Notices failures, and an end that comes too early. */
    private final class Watched extends FilterInputStream {
        private long left;

        Watched(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                int n = in.read(into, offset, length);
                if (n < 0 && left > 0) {
                    onBroken.accept("a blob ended " + left + " bytes too early");
                }
                left -= Math.max(0, n);
                return n;
            } catch (IOException | RegistryException.Unavailable e) {
                // The exception's own words may hold an address with its query.
                onBroken.accept("a blob broke off with " + left + " bytes to come");
                throw e;
            }
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = in.skip(n);
            left -= skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false; // What was read twice would be counted twice.
        }
    }
}
