package io.entrepot.server.http;

import io.entrepot.core.Registry;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.server.connector.Connector;
import io.entrepot.server.connector.ConnectorException;
import io.entrepot.server.connector.ConnectorOptions;
import io.entrepot.server.connector.IoThreads;
import io.entrepot.server.tls.TestTls;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.HttpContinueReadHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A registry behind a real socket: the handlers on a plain Undertow, over stores in memory unless told otherwise. */
public final class TestServer implements AutoCloseable {
    private final Workers workers = new Workers();
    private final InetSocketAddress address;
    private final Optional<TestTls> tls;
    private final Runnable stop;

    private TestServer(Entrance entrance, int port, HttpOptions options, Function<Reception, List<Route>> more) {
        RootHandler root = root(entrance, options, more);
        Undertow undertow = Undertow.builder()
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .addHttpListener(port, "127.0.0.1", new HttpContinueReadHandler(root))
                .build();
        undertow.start();
        address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        tls = Optional.empty();
        stop = undertow::stop;
    }

    /** By a connector of ours, with TLS. */
    private TestServer(Entrance entrance, TestTls tls) throws ConnectorException {
        IoThreads io = IoThreads.open(2);
        Connector connector = Connector.open(
                new ConnectorOptions(new InetSocketAddress("127.0.0.1", 0)).with(tls.tls()),
                io,
                root(entrance, HttpOptions.DEFAULT, reception -> List.of()));
        address = connector.address();
        this.tls = Optional.of(tls);
        stop = () -> {
            connector.close();
            io.close();
            tls.close();
        };
    }

    private RootHandler root(Entrance entrance, HttpOptions options, Function<Reception, List<Route>> more) {
        Reception reception = new Reception(entrance, workers, Addresses.LOCAL);
        List<Route> routes = new ArrayList<>(new Probes(Optional::empty).routes());
        routes.add(new RegistryHandler(reception, options).route());
        routes.addAll(more.apply(reception));
        Site site = new Site(routes);
        return new RootHandler(exchange -> site, options, "test");
    }

    static TestServer hosted() {
        return serving(hosted(HostedOptions.DEFAULT));
    }

    static TestServer serving(Registry registry) {
        return guarded(Entrance.open(registry));
    }

    static TestServer overTls(Registry registry) {
        try {
            return new TestServer(Entrance.open(registry), TestTls.open());
        } catch (ConnectorException e) {
            throw new AssertionError(e);
        }
    }

    /** One that speaks TLS if the server does. */
    RawClient client() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        return new RawClient(tls.isPresent() ? tls.get().over(socket) : socket);
    }

    static TestServer guarded(Entrance entrance) {
        return with(entrance, reception -> List.of());
    }

    /** Also with these routes. */
    static TestServer with(Entrance entrance, Function<Reception, List<Route>> more) {
        return new TestServer(entrance, 0, new HttpOptions(Set.of("https://ui.example"), true), more);
    }

    static Registry hosted(HostedOptions options) {
        return new HostedRegistry("test", new MemoryBlobStore(), new MemoryMetadata(), options, InstantSource.system());
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        stop.run();
        workers.close();
    }

    /** For the conformance suite and for clients by hand: serves until it is stopped. */
    public static void main(String[] args) {
        HttpOptions options = HttpOptions.DEFAULT;
        new TestServer(
                Entrance.open(hosted(HostedOptions.DEFAULT.sparse(true))),
                Integer.parseInt(args[0]),
                options,
                reception -> List.of());
    }
}
