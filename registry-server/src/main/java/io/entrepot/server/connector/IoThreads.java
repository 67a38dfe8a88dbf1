package io.entrepot.server.connector;

import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/**
 * The threads and buffers that the connectors of one server share. Close the connectors first: closing this ends what
 * is still open and returns when no thread is left.
 */
public final class IoThreads implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int POOLED_BUFFERS = 1024;
    private static final int BUFFERS_PER_THREAD = 12;
    /** A TLS record and its frame must fit. */
    private static final int TLS_BUFFER_BYTES = 17 * 1024;

    private final XnioWorker worker;
    private final ByteBufferPool buffers;
    private final ByteBufferPool tlsBuffers =
            new DefaultByteBufferPool(true, TLS_BUFFER_BYTES, POOLED_BUFFERS, BUFFERS_PER_THREAD);
    private final AtomicInteger connections = new AtomicInteger();

    private IoThreads(XnioWorker worker, ByteBufferPool buffers) {
        this.worker = worker;
        this.buffers = buffers;
    }

    /** As many threads as there are processors, two at least. */
    public static IoThreads open() {
        return open(Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    /** Exactly {@code threads} IO threads, one that accepts, and two for pipelined requests that a pool answered. */
    public static IoThreads open(int threads) {
        try {
            XnioWorker worker = Xnio.getInstance(IoThreads.class.getClassLoader())
                    .createWorker(OptionMap.builder()
                            .set(Options.WORKER_NAME, "http")
                            .set(Options.WORKER_IO_THREADS, threads)
                            .set(Options.WORKER_TASK_CORE_THREADS, 2)
                            .set(Options.WORKER_TASK_MAX_THREADS, 2)
                            .set(Options.TCP_NODELAY, true)
                            .getMap());
            return new IoThreads(
                    worker, new DefaultByteBufferPool(true, BUFFER_BYTES, POOLED_BUFFERS, BUFFERS_PER_THREAD));
        } catch (IOException e) {
            throw new UncheckedIOException("no selector could be opened: are file descriptors exhausted?", e);
        }
    }

    XnioWorker worker() {
        return worker;
    }

    ByteBufferPool buffers() {
        return buffers;
    }

    /** For encrypted bytes on their way. */
    ByteBufferPool tlsBuffers() {
        return tlsBuffers;
    }

    /** How many connections are open, over all connectors. */
    AtomicInteger connections() {
        return connections;
    }

    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            buffers.close();
            tlsBuffers.close();
        }
    }
}
