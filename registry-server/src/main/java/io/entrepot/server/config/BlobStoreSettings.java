package io.entrepot.server.config;

import java.nio.file.Path;
import java.util.Optional;

/** {@code blobStores.<name>}: where bytes live. */
public sealed interface BlobStoreSettings {

    /**
     * A folder.
     *
     * @param path if relative, within the data folder
     * @param reserveBytes free space that uploads leave alone; unless given, the store's own rule holds
     */
    record File(Path path, Optional<Long> reserveBytes) implements BlobStoreSettings {}

    /** Memory, for tests: gone when the server stops. */
    record Memory() implements BlobStoreSettings {}

    enum Type {
        FILE,
        MEMORY
    }

    static BlobStoreSettings read(Section store) {
        return switch (store.value("type", Kind.oneOf(Type.class), "file")) {
            case FILE ->
                new File(
                        store.value(
                                "path", Kind.PATH, store.name().equals("default") ? "blobs" : "blobs-" + store.name()),
                        store.optional("reserve", Kind.SIZE_BYTES));
            case MEMORY -> new Memory();
        };
    }
}
