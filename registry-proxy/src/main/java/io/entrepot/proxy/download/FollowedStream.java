package io.entrepot.proxy.download;

import io.entrepot.core.ByteRange;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A range of a followed blob as a stream, which blocks until its bytes have come. */
final class FollowedStream extends InputStream {
    private final FollowedBlob blob;
    private final long end;
    private long at;
    private @Nullable InputStream rest;

    FollowedStream(FollowedBlob blob, ByteRange range) {
        this.blob = blob;
        this.at = range.offset();
        this.end = range.end();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at >= end) {
            return -1;
        }
        long ready = await();
        int most = (int) Math.min(length, Math.min(ready, end) - at);
        int n = rest == null ? blob.read(at, ByteBuffer.wrap(bytes, offset, most)) : 0;
        if (n == 0) {
            n = rest().read(bytes, offset, most);
        }
        if (n <= 0) {
            throw new IOException("the bytes of " + blob.digest() + " end at " + at);
        }
        at += n;
        return n;
    }

    /** How far it can be read; farther than where we are. */
    private long await() throws IOException {
        while (true) {
            long ready = blob.available();
            if (ready > at) {
                return ready;
            }
            Optional<RegistryException> failure = blob.failure();
            if (failure.isPresent()) {
                throw new IOException(failure.get());
            }
            CountDownLatch more = new CountDownLatch(1);
            blob.onMore(more::countDown);
            try {
                more.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + blob.digest(), e);
            }
        }
    }

    private InputStream rest() throws IOException {
        InputStream open = rest;
        if (open == null) {
            open = blob.elsewhere(new ByteRange(at, end - at));
            rest = open;
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        if (rest != null) {
            rest.close();
        }
    }
}
