package io.entrepot.server;

import io.entrepot.server.connector.ConnectorException;
import java.util.Optional;

/** The server cannot start as things are. The message is a sentence that says why and what to do. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Optional<Integer> takenPort;

    StartException(String message, Throwable cause) {
        this(message, Optional.empty(), cause);
    }

    private StartException(String message, Optional<Integer> takenPort, Throwable cause) {
        super(message, cause);
        this.takenPort = takenPort;
    }

    static StartException of(ConnectorException e, int port) {
        boolean taken = String.valueOf(e.getMessage()).contains("is taken");
        return new StartException(String.valueOf(e.getMessage()), taken ? Optional.of(port) : Optional.empty(), e);
    }

    /** The port that another program has, if that is why. */
    public Optional<Integer> takenPort() {
        return takenPort;
    }
}
