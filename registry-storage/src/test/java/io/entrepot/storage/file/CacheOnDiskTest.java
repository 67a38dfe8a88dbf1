package io.entrepot.storage.file;

import io.entrepot.core.Digest;
import io.entrepot.core.hosted.CacheContract;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataCache;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.storage.sql.SqlDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A cache in files and SQLite, with the memory before it that a server has. */
class CacheOnDiskTest extends CacheContract {
    @TempDir
    Path folder;

    private @Nullable Opened opened;

    private final class Opened {
        private final Layout layout = new Layout(folder.resolve("blobs"));
        private final DataFolder data = DataFolder.open(folder.resolve("data"));
        private final SqlDatabase database = SqlDatabase.open(data, HostedOptions.CACHE_LEASE, clock);
        private final MetadataStore metadata =
                new MetadataCache(1 << 20, clock).before(database.registry("hub", "default"));
        private final BlobStore blobs;

        Opened() throws IOException {
            for (Path directory : layout.directories()) {
                Files.createDirectories(directory);
            }
            blobs = new FileBlobStore(layout.root(), new DiskFiles(0), FileStoreOptions.DEFAULT, clock, () -> {});
        }
    }

    private Opened opened() {
        Opened open = opened;
        if (open == null) {
            try {
                open = new Opened();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            opened = open;
        }
        return open;
    }

    @Override
    protected BlobStore blobs() {
        return opened().blobs;
    }

    @Override
    protected MetadataStore metadata() {
        return opened().metadata;
    }

    @Override
    protected long storedBytes() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(opened().layout.blobs(Digest.Algorithm.SHA256))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }

    @Override
    protected int rounds() {
        return 30;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.blobs.close();
            opened.database.close();
            opened.data.close();
        }
    }
}
