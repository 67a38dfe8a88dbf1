package io.entrepot.auth.secret;

import org.jspecify.annotations.Nullable;

/** Why a secret could not be opened, or a key not be used, in a sentence that holds neither. */
public final class SecretException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SecretException(String message) {
        this(message, null);
    }

    SecretException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
