package io.entrepot.server;

import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.ServerSettings;
import io.entrepot.server.connector.Connector;
import io.entrepot.server.connector.ConnectorException;
import io.entrepot.server.connector.ConnectorOptions;
import io.entrepot.server.connector.IoThreads;
import io.entrepot.server.http.Draining;
import io.entrepot.server.http.HttpOptions;
import io.entrepot.server.http.Probes;
import io.entrepot.server.http.Reception;
import io.entrepot.server.http.RootHandler;
import io.entrepot.server.http.Route;
import io.entrepot.server.http.Site;
import io.entrepot.server.http.Workers;
import io.entrepot.server.tls.Tls;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the registries of an {@link Assembly} meet the network: the connectors, their threads, and how they end. */
final class Edge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
    private static final long POLL_MILLIS = 10;

    /** Whether clients of a connector speak TLS. */
    enum Speech {
        HTTP,
        HTTPS
    }

    private final ServerSettings settings;
    private final boolean open;
    private final IoThreads io;
    private final Opened opened = new Opened();
    private final Draining draining = new Draining();
    private final String process =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private final Optional<Tls> tls;
    private final Sites sites;
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    /** Those that are a registry's own, by their port. Guarded by this. */
    private final Map<Integer, List<Connector>> own = new LinkedHashMap<>();

    private volatile Optional<String> unready = Optional.empty();

    private Edge(
            Configuration configuration,
            Assembly assembly,
            Gate gate,
            IoThreads io,
            Function<Reception, List<Route>> onMain) {
        this.settings = configuration.server();
        this.open = gate.open();
        this.io = io;
        this.tls = ServerTls.open(configuration);
        tls.ifPresent(opened::add);
        List<Route> everywhere = new ArrayList<>(new Probes(() -> unready).routes());
        tls.ifPresent(t -> everywhere.addAll(authority(t)));
        this.sites = new Sites(configuration, assembly, gate, opened.add(new Workers()), draining, everywhere, onMain);
    }

    /** @throws StartException if an address cannot be had; then none is open */
    static Edge open(
            Configuration configuration,
            Assembly assembly,
            Gate gate,
            IoThreads io,
            Function<Reception, List<Route>> onMain) {
        Edge edge = new Edge(configuration, assembly, gate, io, onMain);
        try {
            edge.listen(configuration);
            return edge;
        } catch (RuntimeException e) {
            edge.close();
            throw e;
        }
    }

    /** What clients of this server have to trust, for everybody, if it is something that we have made. */
    private static List<Route> authority(Tls tls) {
        if (tls.caCertificate().isEmpty()) {
            return List.of();
        }
        return List.of(Route.free("/ca.crt", Route.READ, exchange -> {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/x-x509-ca-cert");
            exchange.getResponseSender().send(tls.caCertificate().orElse(""));
        }));
    }

    private void listen(Configuration configuration) {
        Speech speech = settings.tls().isPresent() ? Speech.HTTPS : Speech.HTTP;
        for (Connector connector : listen(settings.port(), speech, sites.main())) {
            opened.add(connector);
            addresses.add(connector.address());
        }
        configuration.registries().forEach((name, registry) -> {
            registry.connectors().http().ifPresent(port -> open(name, port, Speech.HTTP));
            registry.connectors().https().ifPresent(port -> open(name, port, Speech.HTTPS));
            registry.connectors().mirror().ifPresent(port -> own(sites.mirror(name), port, Speech.HTTP));
        });
    }

    /**
     * Opens a port for one registry alone.
     *
     * @return the port; the real one if 0 was asked for
     * @throws StartException if it cannot be had
     */
    synchronized int open(String registry, int port, Speech speech) {
        return own(sites.own(registry), port, speech);
    }

    private synchronized int own(Site site, int port, Speech speech) {
        List<Connector> connectors = listen(port, speech, exchange -> site);
        int chosen = connectors.get(0).address().getPort();
        own.put(chosen, connectors);
        return chosen;
    }

    /** Closes such a port: at once for new clients, and for others when what they have begun has ended, or broken off after a time. */
    void close(int port) throws InterruptedException {
        List<Connector> connectors;
        synchronized (this) {
            connectors = Optional.ofNullable(own.remove(port)).orElse(List.of());
        }
        connectors.forEach(Connector::stopAccepting);
        long deadline = System.nanoTime() + settings.stopTimeout().toNanos();
        while (connectors.stream().anyMatch(c -> c.openRequests() > 0) && System.nanoTime() - deadline < 0) {
            Thread.sleep(POLL_MILLIS);
        }
        connectors.forEach(Connector::close);
    }

    /** On every address; if any port will do, on the same one. */
    private List<Connector> listen(int port, Speech speech, Site.Choice choice) {
        if (speech == Speech.HTTPS && tls.isEmpty()) {
            throw new StartException(
                    "a registry asks for an HTTPS port and the server has no certificate: set server.tls,"
                            + " with own: true for one that is made here",
                    new IllegalStateException("no server.tls"));
        }
        RootHandler handler = new RootHandler(choice, HttpOptions.DEFAULT, process);
        List<Connector> connectors = new ArrayList<>();
        int chosen = port;
        try {
            for (String host : settings.bind()) {
                ConnectorOptions plain = new ConnectorOptions(new InetSocketAddress(host, chosen));
                ConnectorOptions options = speech == Speech.HTTPS ? plain.with(tls.orElseThrow()) : plain;
                Connector connector = Connector.open(options, io, handler);
                connectors.add(connector);
                chosen = connector.address().getPort();
                warn(connector.address());
            }
            return connectors;
        } catch (ConnectorException e) {
            connectors.forEach(Connector::close);
            throw StartException.of(e, chosen);
        }
    }

    private void warn(InetSocketAddress address) {
        if (open && !address.getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "{} can be reached from other machines, and access.open is set:"
                            + " whoever reaches it may pull, push and delete everything",
                    address);
        }
    }

    /** The main connector's first, then those of registries. */
    synchronized List<InetSocketAddress> addresses() {
        List<InetSocketAddress> all = new ArrayList<>(addresses);
        own.values().forEach(connectors -> connectors.forEach(c -> all.add(c.address())));
        return all;
    }

    InetSocketAddress main() {
        return addresses.get(0);
    }

    @Override
    public void close() {
        unready = Optional.of("stopping");
        try {
            if (!addresses.isEmpty()) {
                Thread.sleep(settings.drainDelay().toMillis());
            }
            draining.refuse();
            if (!draining.await(settings.stopTimeout())) {
                LOG.warn("{} requests do not end and are broken off", draining.active());
            }
        } catch (InterruptedException e) {
            // Whoever stops this server is in a hurry: what is under way is broken off.
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            own.values().forEach(connectors -> connectors.forEach(Connector::close));
            own.clear();
        }
        opened.close();
    }
}
