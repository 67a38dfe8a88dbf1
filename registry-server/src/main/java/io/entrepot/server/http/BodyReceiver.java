package io.entrepot.server.http;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.channels.StreamSourceChannel;

/**
 * Reads the body of one request, whoever sends it and however slowly, without a thread of its own: the IO thread fills a
 * buffer, a pool takes it, and meanwhile the next one fills. An idle sender holds no buffer either.
 */
final class BodyReceiver {
    /** How long bytes wait in a buffer for more to come. */
    private static final int IDLE_MILLIS = 20;

    /** Takes the bytes in order, one buffer at a time, on the receiver's executor. May throw. */
    @FunctionalInterface
    interface Sink {
        void take(ByteBuffer bytes);
    }

    /** How it ended. Called once, on the exchange's IO thread, when the sink is not in use any more. */
    interface Outcome {
        /** The body was received whole. {@code rest} is what the sink has not taken of it, and is to be closed. */
        void complete(long bytes, Rest rest);

        /** The sink threw this, or the body is longer than allowed: the client is waiting for an answer. */
        void refused(Throwable why);

        /** The connection is gone or the body is broken: there is nobody to answer. */
        void aborted();
    }

    /**
     * The last bytes of a body, often all of it: left to whoever completes the request, so that a small one needs no
     * thread of its own. Used by one thread at a time.
     */
    static final class Rest implements AutoCloseable {
        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

        private final Buffers buffers;
        private @Nullable ByteBuffer buffer;

        private Rest(Buffers buffers, @Nullable ByteBuffer filled) {
            this.buffers = buffers;
            this.buffer = filled == null ? null : filled.flip();
        }

        /** Of no body. */
        static Rest none(Buffers buffers) {
            return new Rest(buffers, null);
        }

        ByteBuffer bytes() {
            return buffer == null ? NOTHING : buffer;
        }

        /** Gives the buffer back. */
        @Override
        public void close() {
            ByteBuffer done = buffer;
            if (done != null) {
                buffer = null;
                buffers.giveBack(done);
            }
        }
    }

    private final HttpServerExchange exchange;
    private final StreamSourceChannel channel;
    private final XnioIoThread thread;
    private final Buffers buffers;
    private final Executor executor;
    private final Sink sink;
    private final long limit;
    private final Outcome outcome;

    // Everything below belongs to the IO thread.
    private @Nullable ByteBuffer filling;
    private XnioExecutor.@Nullable Key idleTimer;
    private long received;
    private boolean awaitingBuffer;
    private boolean taking;
    private boolean overdue;
    private boolean ended;
    private @Nullable Runnable over;
    /** Set with {@code over}, for whoever looks from another thread. */
    private volatile boolean settled;

    /** @param limit the longest body to take */
    static void receive(
            HttpServerExchange exchange, Buffers buffers, Executor executor, Sink sink, long limit, Outcome outcome) {
        BodyReceiver receiver = new BodyReceiver(exchange, buffers, executor, sink, limit, outcome);
        if (exchange.isInIoThread()) {
            receiver.begin();
        } else {
            receiver.onThread(receiver::begin);
        }
    }

    private BodyReceiver(
            HttpServerExchange exchange, Buffers buffers, Executor executor, Sink sink, long limit, Outcome outcome) {
        this.exchange = exchange;
        this.channel = exchange.getRequestChannel();
        this.thread = exchange.getIoThread();
        this.buffers = buffers;
        this.executor = executor;
        this.sink = sink;
        this.limit = limit;
        this.outcome = outcome;
    }

    private void begin() {
        exchange.addExchangeCompleteListener((ended, next) -> {
            if (!settled) {
                onThread(this::aborted);
            }
            next.proceed();
        });
        channel.getReadSetter().set(ready -> read());
        read();
    }

    private void read() {
        stopTimer();
        try {
            while (over == null) {
                ByteBuffer buffer = filling;
                if (buffer == null) {
                    buffer = obtain();
                    if (buffer == null) {
                        channel.suspendReads();
                        return;
                    }
                    filling = buffer;
                }
                if (!buffer.hasRemaining()) {
                    if (taking) {
                        channel.suspendReads();
                        return;
                    }
                    handOver(buffer);
                    continue;
                }
                int n = channel.read(buffer);
                if (n > 0) {
                    received += n;
                    if (received > limit) {
                        refuse(tooLong());
                    }
                } else if (n == 0) {
                    waitForMore(buffer);
                    return;
                } else {
                    ended = true;
                    channel.suspendReads();
                    proceed();
                    return;
                }
            }
        } catch (IOException e) {
            // A client that went away, or a body that breaks off: no news for the log.
            aborted();
        }
    }

    private @Nullable ByteBuffer obtain() {
        Optional<ByteBuffer> free = buffers.take();
        // While one buffer is being taken, a second is a luxury that is not waited for.
        if (free.isEmpty() && !taking && !awaitingBuffer) {
            awaitingBuffer = true;
            buffers.await(buffer -> onThread(() -> obtained(buffer)));
        }
        return free.orElse(null);
    }

    private void obtained(ByteBuffer buffer) {
        awaitingBuffer = false;
        if (over != null || filling != null) {
            buffers.giveBack(buffer);
        } else {
            filling = buffer;
            read();
        }
    }

    private void waitForMore(ByteBuffer buffer) {
        if (buffer.position() == 0) {
            release();
        } else {
            idleTimer = thread.executeAfter(this::idle, IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
        channel.resumeReads();
    }

    private void idle() {
        idleTimer = null;
        overdue = true;
        if (!taking) {
            proceed();
        }
    }

    private void handOver(ByteBuffer bytes) {
        filling = null;
        overdue = false;
        taking = true;
        bytes.flip();
        try {
            executor.execute(() -> {
                Throwable failure = null;
                try {
                    sink.take(bytes);
                } catch (Throwable e) {
                    failure = e;
                }
                Throwable seen = failure;
                onThread(() -> taken(bytes, seen));
            });
        } catch (RegistryException e) {
            onThread(() -> taken(bytes, e));
        }
    }

    private void taken(ByteBuffer bytes, @Nullable Throwable failure) {
        taking = false;
        buffers.giveBack(bytes);
        if (over != null) {
            over.run();
        } else if (failure != null) {
            refuse(failure);
        } else {
            proceed();
            if (!ended) {
                read();
            }
        }
    }

    /** Hands over what there is, if it is time; at the end of the body says so, and leaves the rest to the outcome. */
    private void proceed() {
        ByteBuffer buffer = filling;
        if (taking || over != null) {
            return;
        }
        if (ended) {
            filling = null;
            Rest rest = new Rest(buffers, buffer);
            finish(() -> outcome.complete(received, rest));
        } else if (buffer != null && buffer.position() > 0 && (overdue || !buffer.hasRemaining())) {
            handOver(buffer);
        }
    }

    private RegistryException tooLong() {
        return new RegistryException.TooLarge(
                ErrorCode.SIZE_INVALID, limit, "the body is longer than the " + limit + " bytes that may follow here");
    }

    private void refuse(Throwable why) {
        channel.suspendReads();
        finish(() -> outcome.refused(why));
    }

    private void aborted() {
        finish(outcome::aborted);
    }

    private void finish(Runnable end) {
        if (over == null) {
            over = end;
            settled = true;
            stopTimer();
            release();
            if (!taking) {
                end.run();
            }
        }
    }

    private void release() {
        ByteBuffer buffer = filling;
        if (buffer != null) {
            filling = null;
            buffers.giveBack(buffer);
        }
    }

    /** When the server stops, its IO threads end before the pools do: nobody else is at work here then. */
    private void onThread(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private void stopTimer() {
        if (idleTimer != null) {
            idleTimer.remove();
            idleTimer = null;
        }
    }
}
