package io.entrepot.storage.file;

/** Somebody else uses the folder now. */
public final class FolderInUseException extends DataFolderException {
    private static final long serialVersionUID = 1;

    FolderInUseException(String message) {
        super(message, null);
    }
}
