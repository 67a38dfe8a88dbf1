package io.entrepot.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code server}: where it lives, where it listens, how it stops.
 *
 * @param data everything durable, locked by the process that uses it
 * @param bind the addresses of every connector
 * @param port of the main connector
 * @param main the registry behind {@code /v2/} of the main connector
 * @param publicUrl by which clients reach the main connector; unless given, every request shows it
 * @param trustedProxies whose word about their clients is taken
 * @param tls if given, the main connector speaks TLS only
 * @param drainDelay how long a stopping server still takes requests while it says that it is not ready
 * @param stopTimeout how long requests that have begun may take after that
 */
public record ServerSettings(
        Path data,
        List<String> bind,
        int port,
        String main,
        Optional<URI> publicUrl,
        List<String> trustedProxies,
        Optional<TlsSettings> tls,
        Duration drainDelay,
        Duration stopTimeout) {

    public ServerSettings {
        bind = List.copyOf(bind);
        trustedProxies = List.copyOf(trustedProxies);
        if (bind.isEmpty()) {
            throw new ConfigurationException("server.bind names no address: without one nobody can connect.");
        }
    }

    /** @param open whether there is no login, so that it should be reached from this machine only */
    static ServerSettings read(Section server, List<String> registries, boolean open) {
        return new ServerSettings(
                server.value("data", Kind.PATH, "./entrepot-data"),
                server.list("bind", Kind.ADDRESS, List.of(open ? "127.0.0.1" : "0.0.0.0")),
                server.value("port", Kind.PORT, "5000"),
                main(server, registries),
                server.optional("publicUrl", Kind.URL),
                server.list("trustedProxies", Kind.CIDR, List.of("127.0.0.0/8", "::1/128")),
                TlsSettings.read(server.section("tls")),
                server.value("drainDelay", Kind.DURATION_FROM_ZERO, "0s"),
                server.value("stopTimeout", Kind.DURATION_FROM_ZERO, "60s"));
    }

    /** The only registry is the main one; of several, one that is called {@code registry}, else one must be named. */
    private static String main(Section server, List<String> registries) {
        Kind<String> kind = new Kind<>(
                "the name of a registry: " + Kind.choice(registries).what(),
                Kind.choice(registries).parse(),
                registries);
        if (registries.contains(UsualRegistries.GROUP)) {
            return server.value("main", kind, UsualRegistries.GROUP);
        }
        return registries.size() == 1
                ? server.value("main", kind, registries.get(0))
                : server.required("main", kind, registries.get(0));
    }
}
