package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.ServerSettings;
import io.entrepot.server.connector.Connector;
import io.entrepot.server.connector.ConnectorException;
import io.entrepot.server.connector.ConnectorOptions;
import io.entrepot.server.connector.IoThreads;
import io.entrepot.server.http.Draining;
import io.entrepot.server.http.HttpOptions;
import io.entrepot.server.http.RegistryHandler;
import io.entrepot.server.http.RootHandler;
import io.entrepot.server.http.Workers;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the registries of an {@link Assembly} meet the network: the connectors, their threads, and how they end. */
final class Edge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

    private final ServerSettings settings;
    private final Opened opened = new Opened();
    private final Draining draining = new Draining();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private volatile Optional<String> unready = Optional.empty();

    private Edge(ServerSettings settings) {
        this.settings = settings;
    }

    /** @throws StartException if an address cannot be had; then none is open */
    static Edge open(Configuration configuration, Assembly assembly, IoThreads io) {
        Edge edge = new Edge(configuration.server());
        try {
            edge.listen(configuration, assembly, io);
            return edge;
        } catch (RuntimeException e) {
            edge.opened.close();
            throw e;
        }
    }

    private void listen(Configuration configuration, Assembly assembly, IoThreads io) {
        Workers workers = opened.add(new Workers());
        String process = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        listen(settings.port(), io, handler(assembly, settings.main(), workers, process));
        for (String name : configuration.registries().keySet()) {
            Optional<Integer> own = configuration.registries().get(name).httpPort();
            if (own.isPresent()) {
                listen(own.get(), io, handler(assembly, name, workers, process));
            }
        }
    }

    private HttpHandler handler(Assembly assembly, String name, Workers workers, String process) {
        Registry registry = assembly.registry(name).orElseThrow();
        HttpHandler v2 = draining.around(new RegistryHandler(registry, workers, HttpOptions.DEFAULT));
        return new RootHandler(v2, () -> unready, HttpOptions.DEFAULT, process);
    }

    /** On every address; if any port will do, on the same one. */
    private void listen(int port, IoThreads io, HttpHandler handler) {
        int chosen = port;
        for (String host : settings.bind()) {
            ConnectorOptions options = new ConnectorOptions(new InetSocketAddress(host, chosen));
            Connector connector = opened.add(open(options, io, handler));
            addresses.add(connector.address());
            chosen = connector.address().getPort();
            if (!connector.address().getAddress().isLoopbackAddress()) {
                LOG.warn(
                        "{} can be reached from other machines, and there is no login yet:"
                                + " whoever reaches it may pull, push and delete everything",
                        connector.address());
            }
        }
    }

    private static Connector open(ConnectorOptions options, IoThreads io, HttpHandler handler) {
        try {
            return Connector.open(options, io, handler);
        } catch (ConnectorException e) {
            throw StartException.of(e, options.bind().getPort());
        }
    }

    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    InetSocketAddress main() {
        return addresses.get(0);
    }

    @Override
    public void close() {
        unready = Optional.of("stopping");
        try {
            Thread.sleep(settings.drainDelay().toMillis());
            draining.refuse();
            if (!draining.await(settings.stopTimeout())) {
                LOG.warn("{} requests do not end and are broken off", draining.active());
            }
        } catch (InterruptedException e) {
            // Whoever stops this server is in a hurry: what is under way is broken off.
            Thread.currentThread().interrupt();
        }
        opened.close();
    }
}
