package io.entrepot.server.connector;

import io.undertow.server.protocol.http.HttpOpenListener;
import org.xnio.StreamConnection;

/** Speaks plain HTTP: puts a {@link Wire} under the connection and hands it to Undertow. */
final class PlainGreeter implements Acceptor.Greeter {
    private final HttpOpenListener http;
    private final Watch watch;
    private final IoThreads io;
    private final HttpLimits limits;

    PlainGreeter(HttpOpenListener http, Watch watch, IoThreads io, HttpLimits limits) {
        this.http = http;
        this.watch = watch;
        this.io = io;
        this.limits = limits;
    }

    @Override
    public void greet(StreamConnection connection) {
        Wire wire = Wire.under(connection, watch, io.buffers(), limits.drain().bytes());
        watch.add(wire);
        connection.setCloseListener(closed -> watch.remove(wire));
        http.handleEvent(connection);
    }
}
