package io.entrepot.server;

import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.server.config.BlobStoreSettings;
import io.entrepot.server.config.Configuration;
import io.entrepot.storage.file.DataFolder;
import io.entrepot.storage.file.DataFolderException;
import io.entrepot.storage.file.FileBlobStore;
import io.entrepot.storage.file.FileStoreOptions;
import io.entrepot.storage.sql.SqlDatabase;
import io.entrepot.storage.sql.UnusableDatabaseException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Files and a database in one data folder, which is this process's alone until everything in it is closed. */
final class DurableStores implements Stores {
    private final SqlDatabase database;
    private final Map<String, BlobStore> blobs;

    private DurableStores(SqlDatabase database, Map<String, BlobStore> blobs) {
        this.database = database;
        this.blobs = blobs;
    }

    /** @throws StartException if the folder, the database or a blob store cannot be used */
    static DurableStores open(Configuration configuration, InstantSource clock, Opened opened) {
        try {
            DataFolder folder =
                    opened.add(DataFolder.open(configuration.server().data()));
            SqlDatabase database = opened.add(SqlDatabase.open(folder, HostedOptions.LEASE, clock));
            Map<String, BlobStore> blobs = new HashMap<>();
            configuration.blobStores().forEach((name, settings) -> {
                if (settings instanceof BlobStoreSettings.File file) {
                    blobs.put(name, opened.add(open(folder, file)));
                }
            });
            folder.establish();
            return new DurableStores(database, blobs);
        } catch (DataFolderException | UnusableDatabaseException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A store is made only together with its data folder: later, an empty folder is a disk that is not mounted. */
    private static FileBlobStore open(DataFolder folder, BlobStoreSettings.File settings) {
        Path root = folder.path().resolve(settings.path());
        FileStoreOptions options = settings.reserveBytes()
                .map(FileStoreOptions.DEFAULT::withReserve)
                .orElse(FileStoreOptions.DEFAULT);
        return folder.isNew() ? FileBlobStore.create(root, options) : FileBlobStore.open(root, options);
    }

    @Override
    public BlobStore blobs(String blobStore) {
        BlobStore store = blobs.get(blobStore);
        if (store == null) {
            throw new IllegalArgumentException("no blob store is named " + blobStore);
        }
        return store;
    }

    @Override
    public MetadataStore metadata(String registry, String blobStore) {
        try {
            return database.registry(registry, blobStore);
        } catch (IllegalArgumentException e) {
            throw new StartException(e.getMessage() + ": give it back its own", e);
        }
    }
}
