package io.entrepot.server.tls;

import org.jspecify.annotations.Nullable;

/** A certificate or key that cannot be used; the message is a sentence that names the file and says what to do. */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1;

    TlsException(String message) {
        this(message, null);
    }

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
