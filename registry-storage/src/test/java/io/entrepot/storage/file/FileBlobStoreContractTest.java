package io.entrepot.storage.file;

import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobStoreContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The file store owes what every blob store owes. */
class FileBlobStoreContractTest extends BlobStoreContract {
    @TempDir
    Path folder;

    @Override
    protected BlobStore open() {
        return FileBlobStore.create(folder.resolve("store"), FileStoreOptions.DEFAULT.withMaxSessions(100));
    }

    @Override
    protected Optional<BlobStore> reopen() {
        return Optional.of(FileBlobStore.open(folder.resolve("store"), FileStoreOptions.DEFAULT));
    }
}
