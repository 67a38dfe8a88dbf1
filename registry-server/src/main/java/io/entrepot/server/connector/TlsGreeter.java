package io.entrepot.server.connector;

import io.entrepot.server.tls.Tls;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioExecutor;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.ssl.SslConnection;

/**
 * Speaks HTTP over TLS. The first byte of a connection decides: a client that speaks plain HTTP by mistake is told so in
 * clear; for all others TLS goes between the socket and the {@link Wire}, which so sees the same bytes as without it.
 */
final class TlsGreeter implements Acceptor.Greeter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsGreeter.class);
    private static final byte TLS_HANDSHAKE = 0x16;

    private final Tls tls;
    private final UndertowXnioSsl ssl;
    private final HttpOpenListener http;
    private final PlainGreeter plain;
    private final Watch watch;
    private final IoThreads io;
    private final HttpLimits limits;

    /** @param plain for clients that speak no TLS */
    TlsGreeter(Tls tls, HttpOpenListener http, PlainGreeter plain, Watch watch, IoThreads io, HttpLimits limits) {
        this.tls = tls;
        this.http = http;
        this.plain = plain;
        this.watch = watch;
        this.io = io;
        this.limits = limits;
        // Signing takes about a millisecond: enough to keep it from the threads that all others wait for.
        this.ssl = new UndertowXnioSsl(
                Xnio.getInstance(TlsGreeter.class.getClassLoader()),
                OptionMap.EMPTY,
                io.tlsBuffers(),
                tls.context(),
                task -> io.worker().execute(task));
    }

    @Override
    public void greet(StreamConnection connection) {
        ConduitStreamSourceChannel source = connection.getSourceChannel();
        XnioExecutor.Key silence = connection
                .getIoThread()
                .executeAfter(
                        () -> IoUtils.safeClose(connection),
                        limits.head().within().toMillis(),
                        TimeUnit.MILLISECONDS);
        connection.setCloseListener(closed -> silence.remove());
        source.setReadListener(ready -> look(connection, silence));
        source.resumeReads();
    }

    private void look(StreamConnection connection, XnioExecutor.Key silence) {
        ByteBuffer first = ByteBuffer.allocate(1);
        try {
            int count = connection.getSourceChannel().read(first);
            if (count == 0) {
                return;
            }
            silence.remove();
            if (count < 0) {
                IoUtils.safeClose(connection);
                return;
            }
        } catch (IOException e) {
            LOG.debug("a connection broke before its first byte", e);
            IoUtils.safeClose(connection);
            return;
        }
        ConduitStreamSourceChannel source = connection.getSourceChannel();
        source.suspendReads();
        source.setReadListener(null);
        source.setConduit(new FirstByte(source.getConduit(), first.get(0)));
        try {
            if (first.get(0) == TLS_HANDSHAKE) {
                secure(connection);
            } else {
                plain.greet(connection);
            }
        } catch (RuntimeException | Error e) {
            IoUtils.safeClose(connection);
            throw e;
        }
    }

    private void secure(StreamConnection socket) {
        SslConnection connection = ssl.wrapExistingConnection(socket, OptionMap.EMPTY, false);
        SSLEngine engine = UndertowXnioSsl.getSslEngine(connection);
        engine.setSSLParameters(tls.parameters());
        Wire wire = Wire.over(
                connection, socket, watch, io.buffers(), limits.drain().bytes());
        connection.getHandshakeSetter().set(done -> {
            engine.setEnabledCipherSuites(new String[0]); // so that the client can't begin another one in TLS 1.2
            wire.handshakeEnds();
        });
        watch.add(wire);
        socket.setCloseListener(closed -> {
            watch.remove(wire);
            IoUtils.safeClose(connection);
        });
        http.handleEvent(connection);
    }
}
