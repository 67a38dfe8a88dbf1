package io.entrepot.server.connector;

import io.entrepot.server.tls.Tls;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What a {@link Connector} is to listen on (port 0: any that is free), what it puts up with, and how it speaks TLS, if it
 * does. The {@link Tls} is to be closed after the connector.
 */
public record ConnectorOptions(InetSocketAddress bind, HttpLimits limits, Optional<Tls> tls) {
    /** Plain HTTP. */
    public ConnectorOptions(InetSocketAddress bind, HttpLimits limits) {
        this(bind, limits, Optional.empty());
    }

    /** Plain HTTP on {@code bind} with the default limits. */
    public ConnectorOptions(InetSocketAddress bind) {
        this(bind, HttpLimits.defaults());
    }

    /** HTTPS instead; plain HTTP is answered with a sentence. */
    public ConnectorOptions with(Tls other) {
        return new ConnectorOptions(bind, limits, Optional.of(other));
    }
}
