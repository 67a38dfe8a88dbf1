package io.entrepot.proxy.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.function.LongConsumer;

/** A body that is given up when it comes too slowly. Only the time in which we wait for it counts. */
final class WatchedBody extends InputStream {
    private final InputStream body;
    private final String host;
    private final long minimumPerSecond;
    private final long windowNanos;
    private final LongConsumer end;

    private long received;
    private long inWindow;
    private long waitedNanos;
    private boolean ended;

    /**
     * @param end told once how many bytes came */
    WatchedBody(InputStream body, String host, RemoteOptions options, LongConsumer end) {
        this.body = body;
        this.host = host;
        this.minimumPerSecond = options.minimumBytesPerSecond();
        this.windowNanos = options.rateWindow().toNanos();
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            // Okio would wait for a byte to come.
            return 0;
        }
        long start = System.nanoTime();
        int n;
        try {
            n = body.read(into, offset, length);
        } catch (IOException e) {
            end();
            String message = "the answer of " + host + " broke off after " + received + " bytes";
            // Whoever waited for it for so long will not ask again at once.
            throw e instanceof InterruptedIOException ? late(message, e) : new IOException(message, e);
        }
        waitedNanos += System.nanoTime() - start;
        if (n < 0) {
            end();
            return n;
        }
        received += n;
        inWindow += n;
        if (waitedNanos >= windowNanos) {
            if (inWindow < minimumPerSecond * (waitedNanos / 1e9)) {
                end();
                throw new InterruptedIOException("the answer of " + host + " comes too slowly: " + inWindow
                        + " bytes in " + waitedNanos / 1_000_000 + " ms");
            }
            inWindow = 0;
            waitedNanos = 0;
        }
        return n;
    }

    private static IOException late(String message, IOException cause) {
        IOException late = new InterruptedIOException(message);
        late.initCause(cause);
        return late;
    }

    private void end() {
        if (!ended) {
            ended = true;
            end.accept(received);
        }
    }

    @Override
    public void close() throws IOException {
        end();
        body.close();
    }
}
