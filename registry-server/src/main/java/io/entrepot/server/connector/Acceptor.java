package io.entrepot.server.connector;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/** Takes new connections, as many as may be open, and hands them to whoever speaks with them. */
final class Acceptor implements ChannelListener<AcceptingChannel<StreamConnection>> {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    /** How often, and after what pauses, one that comes at the limit is tried again: a second in all. */
    private static final int TRIES = 50;

    private static final int PAUSE_MILLIS = 20;

    private final Greeter greeter;
    private final IoThreads io;
    private final HttpLimits limits;

    /** Begins to speak with a new connection. */
    @FunctionalInterface
    interface Greeter {
        void greet(StreamConnection connection);
    }

    Acceptor(Greeter greeter, IoThreads io, HttpLimits limits) {
        this.greeter = greeter;
        this.io = io;
        this.limits = limits;
    }

    @Override
    public void handleEvent(AcceptingChannel<StreamConnection> socket) {
        try {
            StreamConnection connection = socket.accept();
            if (connection != null) {
                accept(connection, TRIES);
            }
        } catch (IOException e) {
            LOG.debug("a connection was lost while it was accepted", e);
        }
    }

    /** The socket itself stops accepting at the limit; the count is for several sockets that share it. */
    private void accept(StreamConnection connection, int tries) {
        AtomicInteger open = io.connections();
        if (open.incrementAndGet() <= limits.connections()) {
            greet(connection, open);
            return;
        }
        open.decrementAndGet();
        if (tries == 0) {
            IoUtils.safeClose(connection);
            return;
        }
        // The socket is told of a connection's end a moment before the count is: whoever comes then is not turned away.
        connection.getIoThread().executeAfter(() -> accept(connection, tries - 1), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void greet(StreamConnection connection, AtomicInteger open) {
        AtomicBoolean gone = new AtomicBoolean();
        connection.setCloseListener(closed -> {
            if (gone.compareAndSet(false, true)) {
                open.decrementAndGet();
            }
        });
        try {
            greeter.greet(connection);
        } catch (RuntimeException | Error e) {
            IoUtils.safeClose(connection);
            throw e;
        }
    }
}
