package io.entrepot.storage.sql;

import io.entrepot.core.store.MetadataCache;
import io.entrepot.core.store.MetadataStore;
import java.time.InstantSource;
import java.util.Optional;

/** The metadata in SQLite with memory before it keeps the contract. */
class CachedSqlMetadataTest extends SqlMetadataTest {
    private MetadataCache cache = new MetadataCache(1 << 20, InstantSource.system());

    @Override
    protected MetadataStore open() {
        return cache.before(super.open());
    }

    @Override
    protected MetadataStore sibling() {
        return cache.before(super.sibling());
    }

    @Override
    protected Optional<MetadataStore> reopen() {
        cache = new MetadataCache(1 << 20, InstantSource.system());
        return super.reopen();
    }
}
