package io.entrepot.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code server}: where it lives, where it listens, how it stops.
 *
 * @param data everything durable, locked by the process that uses it
 * @param bind the addresses of every connector
 * @param port of the main connector
 * @param main the registry behind {@code /v2/} of the main connector
 * @param drainDelay how long a stopping server still takes requests while it says that it is not ready
 * @param stopTimeout how long requests that have begun may take after that
 */
public record ServerSettings(
        Path data, List<String> bind, int port, String main, Duration drainDelay, Duration stopTimeout) {

    public ServerSettings {
        bind = List.copyOf(bind);
        if (bind.isEmpty()) {
            throw new ConfigurationException("server.bind names no address: without one nobody can connect.");
        }
    }

    static ServerSettings read(Section server, List<String> registries) {
        return new ServerSettings(
                server.value("data", Kind.PATH, "./entrepot-data"),
                server.list("bind", Kind.ADDRESS, List.of("127.0.0.1")),
                server.value("port", Kind.PORT, "5000"),
                main(server, registries),
                server.value("drainDelay", Kind.DURATION_FROM_ZERO, "0s"),
                server.value("stopTimeout", Kind.DURATION_FROM_ZERO, "60s"));
    }

    /** The only registry is the main one; of several, one must be named. */
    private static String main(Section server, List<String> registries) {
        Kind<String> kind = new Kind<>(
                "the name of a registry: " + Kind.choice(registries).what(),
                Kind.choice(registries).parse(),
                registries);
        return registries.size() == 1
                ? server.value("main", kind, registries.get(0))
                : server.required("main", kind, registries.get(0));
    }
}
