package io.entrepot.server;

/** The server cannot start as things are. The message is a sentence that says why and what to do. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
