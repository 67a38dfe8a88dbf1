package io.entrepot.server.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Many connections that each pull the same blob at their own pace, all of them on the thread that runs this. Every byte
 * is compared with what it should be.
 */
final class Pulls implements AutoCloseable {
    private static final int SOCKET_BYTES = 64 << 10;
    private static final int SLOW_BYTES = 4 << 10;
    private static final long TURN_NANOS = 100_000_000;

    private final ByteBuffer expected;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
    private final List<Pull> slow = new ArrayList<>();
    private final List<Pull> fast = new ArrayList<>();

    /** Of these, {@code fast} take all that they can get, the others a few bytes now and then. */
    Pulls(InetSocketAddress server, String path, byte[] expected, int count, int fast) throws IOException {
        this.expected = ByteBuffer.wrap(expected);
        for (int i = 0; i < count; i++) {
            (i < fast ? this.fast : slow).add(new Pull(server, path));
        }
    }

    /**
     * Pulls until the fast ones have everything and {@code nanoTime} has come.
     *
     * @throws IOException if one of them gets wrong bytes, an error, or an early end
     */
    void run(long nanoTime) throws IOException, InterruptedException {
        long turn = System.nanoTime();
        while (!fast.isEmpty() || System.nanoTime() < nanoTime) {
            boolean any = false;
            for (Pull pull : fast) {
                any |= pull.read(buffer.capacity());
            }
            fast.removeIf(Pull::isComplete);
            if (System.nanoTime() - turn > 0) {
                turn += TURN_NANOS;
                for (Pull pull : slow) {
                    any |= pull.read(SLOW_BYTES);
                }
            }
            if (!any) {
                Thread.sleep(1);
            }
        }
    }

    /** The least that one of the slow ones has got. */
    long leastOfTheSlow() {
        return slow.stream().mapToLong(pull -> pull.position).min().orElse(0);
    }

    @Override
    public void close() throws IOException {
        for (Pull pull : fast) {
            pull.channel.close();
        }
        for (Pull pull : slow) {
            pull.channel.close();
        }
    }

    private final class Pull {
        final SocketChannel channel = SocketChannel.open();
        private final StringBuilder head = new StringBuilder();
        private boolean inBody;
        int position;

        Pull(InetSocketAddress server, String path) throws IOException {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
            channel.connect(server);
            String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
        }

        boolean isComplete() {
            return position == expected.capacity();
        }

        /** Whether there was anything. */
        boolean read(int most) throws IOException {
            buffer.clear().limit(most);
            int n = channel.read(buffer);
            if (n < 0) {
                throw new EOFException("closed after " + position + " bytes: " + head);
            }
            buffer.flip();
            while (!inBody && buffer.hasRemaining()) {
                head.append((char) buffer.get());
                inBody = head.length() > 3 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0;
            }
            if (inBody) {
                compare();
            }
            return n > 0;
        }

        private void compare() throws IOException {
            if (!head.toString().startsWith("HTTP/1.1 200 ")) {
                throw new IOException("answered with " + head);
            }
            int length = buffer.remaining();
            if (!buffer.equals(expected.slice(position, length))) {
                throw new IOException("wrong bytes between " + position + " and " + (position + length));
            }
            position += length;
            if (isComplete()) {
                channel.close();
            }
        }
    }
}
