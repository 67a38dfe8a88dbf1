package io.entrepot.server.connector;

import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/**
 * One listening socket whose requests go to one handler, past {@link RequestGuard}, which says what the handler may rely
 * on. Connectors are opened and closed at any time, any number of them on the same {@link IoThreads}.
 */
public final class Connector implements AutoCloseable {
    private final List<HttpOpenListener> listeners;
    private final Watch watch;
    private final AcceptingChannel<? extends StreamConnection> socket;
    private final InetSocketAddress address;
    private final AtomicBoolean ending;

    private Connector(
            List<HttpOpenListener> listeners,
            Watch watch,
            AcceptingChannel<? extends StreamConnection> socket,
            AtomicBoolean ending) {
        this.listeners = List.copyOf(listeners);
        this.watch = watch;
        this.socket = socket;
        this.address = socket.getLocalAddress(InetSocketAddress.class);
        this.ending = ending;
    }

    /**
     * Listens from now on; the handler is called on an IO thread and must not block there.
     *
     * @throws ConnectorException if the address cannot be had; its message says what to do
     */
    public static Connector open(ConnectorOptions options, IoThreads io, HttpHandler handler)
            throws ConnectorException {
        HttpLimits limits = options.limits();
        AtomicBoolean ending = new AtomicBoolean();
        Watch watch = new Watch(limits, io.worker().getIoThread());
        HttpOpenListener http = listener(new RequestGuard(handler, limits, ending::get), io, limits);
        List<HttpOpenListener> listeners = new ArrayList<>(List.of(http));
        Acceptor.Greeter greeter = new PlainGreeter(http, watch, io, limits);
        if (options.tls().isPresent()) {
            HttpOpenListener misled = listener(Connector::useHttps, io, limits);
            listeners.add(misled);
            greeter = new TlsGreeter(
                    options.tls().get(), http, new PlainGreeter(misled, watch, io, limits), watch, io, limits);
        }
        Acceptor acceptor = new Acceptor(greeter, io, limits);
        try {
            AcceptingChannel<? extends StreamConnection> socket =
                    io.worker().createStreamConnectionServer(options.bind(), acceptor, socket(limits));
            socket.resumeAccepts();
            return new Connector(listeners, watch, socket, ending);
        } catch (IOException e) {
            watch.stop();
            throw new ConnectorException(options.bind(), e);
        }
    }

    private static HttpOpenListener listener(HttpHandler handler, IoThreads io, HttpLimits limits) {
        HttpOpenListener listener = new HttpOpenListener(io.buffers(), undertow(limits));
        listener.setRootHandler(handler);
        return listener;
    }

    private static void useHttps(HttpServerExchange exchange) {
        Wire.of(exchange).requestBegins(!exchange.isRequestComplete());
        Refusal.badRequest("this port speaks HTTPS: use https:// here").answer(exchange);
    }

    /** Where it listens; the real port if 0 was asked for. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Closes the listening socket. Connections that are open are served on; each ends with its next answer, which says
     * so ({@code Connection: close}).
     */
    public void stopAccepting() {
        ending.set(true);
        IoUtils.safeClose(socket);
    }

    /** How many requests have begun and are not answered to their end. */
    public int openRequests() {
        return watch.openRequests();
    }

    /** Stops accepting and cuts off what is still open. */
    @Override
    public void close() {
        stopAccepting();
        watch.stop();
        listeners.forEach(HttpOpenListener::closeConnections);
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
