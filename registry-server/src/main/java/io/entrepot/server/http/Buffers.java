package io.entrepot.server.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * A bounded number of direct buffers for bodies on their way in. Whoever finds none is handed one as soon as another
 * gives it back, first come first served.
 */
final class Buffers {
    static final int SIZE = 256 << 10;

    private final int limit;
    // Guarded by this.
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final Queue<Consumer<ByteBuffer>> waiting = new ArrayDeque<>();
    private int made;

    Buffers(int limit) {
        this.limit = limit;
    }

    /** An empty buffer, if there is one to spare. */
    synchronized Optional<ByteBuffer> take() {
        if (!free.isEmpty()) {
            return Optional.of(free.pop());
        }
        if (made == limit) {
            return Optional.empty();
        }
        made++;
        return Optional.of(ByteBuffer.allocateDirect(SIZE));
    }

    /** Hands a buffer to {@code taker} when there is one, perhaps at once. It runs on any thread and must not block. */
    void await(Consumer<ByteBuffer> taker) {
        Optional<ByteBuffer> now;
        synchronized (this) {
            now = take();
            if (now.isEmpty()) {
                waiting.add(taker);
            }
        }
        now.ifPresent(taker);
    }

    void giveBack(ByteBuffer buffer) {
        buffer.clear();
        Consumer<ByteBuffer> next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free.push(buffer);
                return;
            }
        }
        next.accept(buffer);
    }
}
