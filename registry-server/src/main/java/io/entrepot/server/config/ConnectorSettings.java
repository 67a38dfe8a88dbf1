package io.entrepot.server.config;

import java.util.List;
import java.util.Optional;

/**
 * {@code registries.<name>.connectors}: where a registry is reached besides the main connector.
 *
 * @param http a port of its own
 * @param https a port of its own with TLS
 * @param mirror a port at which everybody may pull and nobody is asked who he is, for Docker's registry-mirrors
 * @param hosts host names by which it is reached on every port
 * @param path whether its name, as first part of an image's name, leads to it on the main connector
 */
public record ConnectorSettings(
        Optional<Integer> http, Optional<Integer> https, Optional<Integer> mirror, List<String> hosts, boolean path) {
    public static final ConnectorSettings DEFAULT =
            new ConnectorSettings(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), true);

    public ConnectorSettings {
        hosts = List.copyOf(hosts);
    }

    static ConnectorSettings read(Section connectors) {
        return new ConnectorSettings(
                connectors.optional("http", Kind.PORT),
                connectors.optional("https", Kind.PORT),
                connectors.optional("mirror", Kind.PORT),
                connectors.list("hosts", Kind.HOST, List.of()),
                connectors.value("path", Kind.SWITCH, "true"));
    }
}
