package io.entrepot.server.connector;

import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/** Takes new connections, puts a {@link Wire} under each and hands them to Undertow. */
final class Acceptor implements ChannelListener<AcceptingChannel<StreamConnection>> {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final HttpOpenListener http;
    private final Watch watch;
    private final IoThreads io;
    private final HttpLimits limits;

    Acceptor(HttpOpenListener http, Watch watch, IoThreads io, HttpLimits limits) {
        this.http = http;
        this.watch = watch;
        this.io = io;
        this.limits = limits;
    }

    @Override
    public void handleEvent(AcceptingChannel<StreamConnection> socket) {
        try {
            StreamConnection connection = socket.accept();
            if (connection != null) {
                accept(connection);
            }
        } catch (IOException e) {
            LOG.debug("a connection was lost while it was accepted", e);
        }
    }

    /** The socket itself stops accepting at the limit; the count is for several sockets that share it. */
    private void accept(StreamConnection connection) {
        AtomicInteger open = io.connections();
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            IoUtils.safeClose(connection);
            return;
        }
        Wire wire = Wire.under(connection, watch, io.buffers(), limits.drain().bytes());
        watch.add(wire);
        try {
            http.handleEvent(connection);
        } catch (RuntimeException | Error e) {
            IoUtils.safeClose(connection);
            gone(wire);
            throw e;
        }
        ChannelListener<? super StreamConnection> undertow = connection.getCloseListener();
        connection.setCloseListener(closed -> {
            gone(wire);
            ChannelListeners.invokeChannelListener(closed, undertow);
        });
        if (!connection.isOpen()) {
            gone(wire);
        }
    }

    private void gone(Wire wire) {
        if (watch.remove(wire)) {
            io.connections().decrementAndGet();
        }
    }
}
