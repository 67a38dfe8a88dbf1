package io.entrepot.server.config;

import java.nio.file.Path;
import java.util.Optional;

/** {@code blobStores.<name>}: where bytes live. */
public sealed interface BlobStoreSettings {
    /** How many bytes all proxies together may keep in it; half of what there is room for, if empty. */
    Optional<Long> cacheLimit();

    /**
     * A folder.
     *
     * @param path if relative, within the data folder
     * @param reserveBytes free space that uploads leave alone; unless given, the store's own rule holds
     */
    record File(Path path, Optional<Long> reserveBytes, Optional<Long> cacheLimit) implements BlobStoreSettings {}

    /** Memory, for tests: gone when the server stops. */
    record Memory(Optional<Long> cacheLimit) implements BlobStoreSettings {}

    enum Type {
        FILE,
        MEMORY
    }

    Kind<Optional<Long>> LIMIT = Kind.SIZE_BYTES.or("auto", "auto for half of what there is room for");

    static BlobStoreSettings read(Section store) {
        Optional<Long> cacheLimit = store.value("cacheLimit", LIMIT, "auto");
        return switch (store.value("type", Kind.oneOf(Type.class), "file")) {
            case FILE ->
                new File(
                        store.value(
                                "path", Kind.PATH, store.name().equals("default") ? "blobs" : "blobs-" + store.name()),
                        store.optional("reserve", Kind.SIZE_BYTES),
                        cacheLimit);
            case MEMORY -> new Memory(cacheLimit);
        };
    }
}
