package io.entrepot.server.connector;

import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/**
 * One listening socket whose requests go to one handler. Connectors are opened and closed at any time, any number of
 * them on the same {@link IoThreads}.
 */
public final class Connector implements AutoCloseable {
    private final HttpOpenListener http;
    private final AcceptingChannel<? extends StreamConnection> socket;
    private final InetSocketAddress address;

    private Connector(HttpOpenListener http, AcceptingChannel<? extends StreamConnection> socket) {
        this.http = http;
        this.socket = socket;
        this.address = socket.getLocalAddress(InetSocketAddress.class);
    }

    /**
     * Listens from now on; the handler is called on an IO thread and must not block there.
     *
     * @throws ConnectorException if the address cannot be had; its message says what to do
     */
    public static Connector open(ConnectorOptions options, IoThreads io, HttpHandler handler)
            throws ConnectorException {
        HttpOpenListener http = new HttpOpenListener(io.buffers(), undertow(options.limits()));
        http.setRootHandler(handler);
        ChannelListener<AcceptingChannel<StreamConnection>> accept = ChannelListeners.openListenerAdapter(http);
        try {
            AcceptingChannel<? extends StreamConnection> socket =
                    io.worker().createStreamConnectionServer(options.bind(), accept, socket(options.limits()));
            socket.resumeAccepts();
            return new Connector(http, socket);
        } catch (IOException e) {
            throw new ConnectorException(options.bind(), e);
        }
    }

    /** Where it listens; the real port if 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        IoUtils.safeClose(socket);
        http.closeConnections();
    }

    private static OptionMap socket(HttpLimits limits) {
        return OptionMap.builder()
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BACKLOG, 1024)
                .set(Options.CONNECTION_HIGH_WATER, limits.connections())
                .set(Options.CONNECTION_LOW_WATER, limits.connections())
                .getMap();
    }

    private static OptionMap undertow(HttpLimits limits) {
        return OptionMap.builder()
                .set(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .set(UndertowOptions.MAX_HEADER_SIZE, limits.head().bytes())
                .set(UndertowOptions.MAX_HEADERS, limits.head().fields())
                .set(UndertowOptions.MAX_PARAMETERS, limits.head().parameters())
                .set(UndertowOptions.MAX_COOKIES, 20)
                .set(UndertowOptions.DECODE_URL, false)
                .set(UndertowOptions.DECODE_SLASH, false)
                .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, false)
                .set(UndertowOptions.ENABLE_HTTP2, false)
                .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, true)
                .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .getMap();
    }
}
