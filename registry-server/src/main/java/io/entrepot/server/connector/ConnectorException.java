package io.entrepot.server.connector;

import java.io.IOException;
import java.net.InetSocketAddress;

/** An address that could not be opened; the message says what to do about it. */
public final class ConnectorException extends Exception {
    private static final long serialVersionUID = 1;

    ConnectorException(InetSocketAddress bind, IOException cause) {
        super("cannot listen on " + text(bind) + ": " + advice(bind, cause), cause);
    }

    private static String advice(InetSocketAddress bind, IOException cause) {
        String reason = String.valueOf(cause.getMessage());
        if (bind.isUnresolved()) {
            return "the host name is not known here; give an address of this machine, or 0.0.0.0 for all of them";
        }
        if (reason.contains("in use")) {
            return "the port is taken by another program; stop that one or choose another port";
        }
        if (reason.contains("Permission denied")) {
            return "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE); choose a port from 1024 up";
        }
        if (reason.contains("assign requested address")) {
            return "the address does not belong to this machine; choose one that does, or 0.0.0.0 for all of them";
        }
        return reason;
    }

    private static String text(InetSocketAddress bind) {
        String host = bind.getHostString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + bind.getPort();
    }
}
