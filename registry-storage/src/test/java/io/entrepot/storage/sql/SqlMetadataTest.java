package io.entrepot.storage.sql;

import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.MetadataStoreContract;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The metadata in SQLite keeps the contract. */
class SqlMetadataTest extends MetadataStoreContract {
    @TempDir
    Path folder;

    private @Nullable Databases opened;

    @Override
    protected MetadataStore open() {
        return database().registry("main", "default");
    }

    @Override
    protected MetadataStore sibling() {
        return database().registry("sibling", "default");
    }

    @Override
    protected Optional<MetadataStore> reopen() {
        close();
        return Optional.of(open());
    }

    private SqlDatabase database() {
        Databases open = opened != null ? opened : Databases.open(folder);
        opened = open;
        return open.database();
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }
}
