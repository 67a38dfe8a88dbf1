package io.entrepot.storage.file;

import org.jspecify.annotations.Nullable;

/** A folder cannot be used for data. The message is for whoever starts the server, and says what to do. */
public class DataFolderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DataFolderException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
