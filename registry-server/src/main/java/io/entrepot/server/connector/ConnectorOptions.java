package io.entrepot.server.connector;

import java.net.InetSocketAddress;

/** What a {@link Connector} is to listen on (port 0: any that is free) and what it puts up with. */
public record ConnectorOptions(InetSocketAddress bind, HttpLimits limits) {
    /** Listens on {@code bind} with the default limits. */
    public ConnectorOptions(InetSocketAddress bind) {
        this(bind, HttpLimits.defaults());
    }
}
