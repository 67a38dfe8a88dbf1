package io.entrepot.storage.sql;

import org.jspecify.annotations.Nullable;

/** The database cannot be opened as it is. The message says why and what an administrator can do. */
public final class UnusableDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnusableDatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
