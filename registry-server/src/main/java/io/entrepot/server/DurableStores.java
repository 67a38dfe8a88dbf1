package io.entrepot.server;

import io.entrepot.core.RegistryException;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.CachingBlobStore;
import io.entrepot.core.store.CachingBlobStore.Limits;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.MetadataCache;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;
import io.entrepot.server.admin.ControlFile;
import io.entrepot.server.config.BlobStoreSettings;
import io.entrepot.server.config.Configuration;
import io.entrepot.storage.file.DataFolder;
import io.entrepot.storage.file.DataFolderException;
import io.entrepot.storage.file.FileBlobStore;
import io.entrepot.storage.file.FileStoreOptions;
import io.entrepot.storage.sql.SqlDatabase;
import io.entrepot.storage.sql.UnusableDatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Files and a database in one data folder, which is this process's alone until everything in it is closed. */
final class DurableStores implements Stores {
    /** Of the heap, for each of the two caches: for metadata, and for the bytes of small blobs. */
    private static final int HEAP_PART = 16;

    private static final long MOST_CACHED = 64L << 20;

    private final SqlDatabase database;
    /** One for all registries: what the collector takes from one blob store they must all forget. */
    private final MetadataCache cache;

    private final Map<String, BlobStore> blobs;

    private final Map<String, Path> folders;

    private DurableStores(
            SqlDatabase database, MetadataCache cache, Map<String, BlobStore> blobs, Map<String, Path> folders) {
        this.folders = folders;
        this.database = database;
        this.cache = cache;
        this.blobs = blobs;
    }

    /** @throws StartException if the folder, the database or a blob store cannot be used */
    static DurableStores open(Configuration configuration, InstantSource clock, Opened opened) {
        try {
            DataFolder folder =
                    opened.add(DataFolder.open(configuration.server().data()));
            // What a crashed server has left leads to whoever has its port by now.
            ControlFile.remove(folder.path());
            SqlDatabase database = opened.add(SqlDatabase.open(folder, HostedOptions.LEASE, clock));
            Map<String, BlobStore> blobs = new HashMap<>();
            Map<String, Path> folders = new HashMap<>();
            Limits smallBlobs = new Limits(cacheBytes(), Limits.DEFAULT.blobBytes());
            configuration.blobStores().forEach((name, settings) -> {
                if (settings instanceof BlobStoreSettings.File file) {
                    BlobStore store = opened.add(open(folder, file));
                    blobs.put(name, new CachingBlobStore(store, smallBlobs));
                    folders.put(name, folder.path().resolve(file.path()));
                }
            });
            folder.establish();
            return new DurableStores(database, new MetadataCache(cacheBytes(), clock), blobs, folders);
        } catch (DataFolderException | UnusableDatabaseException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StartException("The data folder cannot be written (" + e + ")", e);
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

    private static long cacheBytes() {
        return Math.min(MOST_CACHED, Runtime.getRuntime().maxMemory() / HEAP_PART);
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
            return cache.before(database.registry(registry, blobStore));
        } catch (IllegalArgumentException e) {
            throw new StartException(e.getMessage() + ": give it back its own", e);
        }
    }

    @Override
    public ProxyState state(String registry) {
        return database.proxyState(registry);
    }

    @Override
    public long freeBytes(String blobStore) {
        Path folder = Optional.ofNullable(folders.get(blobStore)).orElseThrow();
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw RegistryException.storage("the blob store cannot tell how much space it has: is it mounted?", e);
        }
    }

    @Override
    public DocumentStore documents() {
        return database.documents();
    }
}
