package io.entrepot.server.http;

import io.entrepot.core.Registry;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.HttpContinueReadHandler;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A registry behind a real socket: the handlers on a plain Undertow, over stores in memory unless told otherwise. */
public final class TestServer implements AutoCloseable {
    private final Workers workers = new Workers();
    private final Undertow undertow;

    private TestServer(Entrance entrance, int port, HttpOptions options, Function<Reception, List<Route>> more) {
        Reception reception = new Reception(entrance, workers, Addresses.LOCAL);
        List<Route> routes = new ArrayList<>(new Probes(Optional::empty).routes());
        routes.add(new RegistryHandler(reception, options).route());
        routes.addAll(more.apply(reception));
        Site site = new Site(routes);
        RootHandler root = new RootHandler(exchange -> site, options, "test");
        undertow = Undertow.builder()
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .setServerOption(UndertowOptions.DECODE_URL, false)
                .addHttpListener(port, "127.0.0.1", new HttpContinueReadHandler(root))
                .build();
        undertow.start();
    }

    static TestServer hosted() {
        return serving(hosted(HostedOptions.DEFAULT));
    }

    static TestServer serving(Registry registry) {
        return guarded(Entrance.open(registry));
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
        return (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    }

    @Override
    public void close() {
        undertow.stop();
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
