package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.Reach;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobStoreContract;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.CachingBlobStore;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A file store behind a cache owes the same, and answers small blobs from memory. */
class CachingBlobStoreTest extends BlobStoreContract {
    private static final CachingBlobStore.Limits LIMITS = new CachingBlobStore.Limits(100_000, 10_000);

    private CrashFiles disk;

    @Override
    protected BlobStore open() throws IOException {
        disk = new CrashFiles(InstantSource.system());
        disk.create(Path.of("/store").resolve(StoreFolder.MARKER)).close();
        return overDisk();
    }

    private BlobStore overDisk() throws IOException {
        Path root = Path.of("/store");
        return new CachingBlobStore(
                new FileBlobStore(root, disk, FileStoreOptions.DEFAULT, InstantSource.system(), () -> {}), LIMITS);
    }

    @Override
    protected Optional<BlobStore> reopen() throws IOException {
        return Optional.of(overDisk());
    }

    @Test
    void a_small_blob_that_was_read_is_in_memory() {
        Content content = seed.content(1, 10_000);
        StoredBlob stored = pushed(content);
        assertThatThrownBy(() -> store.open(stored, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
        store.open(stored, Reach.LOCAL).close();
        try (Blob blob = store.open(stored, Reach.MEMORY)) {
            assertThat(blob.memory().orElseThrow().isReadOnly()).isTrue();
            assertThat(Bytes.everyWay(blob))
                    .allSatisfy(bytes -> assertThat(bytes).isEqualTo(content.bytes()));
        }
    }

    @Test
    void a_larger_one_is_not() {
        StoredBlob stored = pushed(seed.content(1, 10_001));
        store.open(stored, Reach.LOCAL).close();
        assertThatThrownBy(() -> store.open(stored, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
    }

    @Test
    void memory_is_bounded_and_what_was_read_last_stays() {
        StoredBlob first = pushed(seed.content(1, 9_000));
        store.open(first, Reach.LOCAL).close();
        StoredBlob last = first;
        for (int i = 2; i < 60; i++) {
            last = pushed(seed.content(i, 9_000));
            store.open(last, Reach.LOCAL).close();
        }
        store.open(last, Reach.MEMORY).close();
        assertThatThrownBy(() -> store.open(first, Reach.MEMORY)).isInstanceOf(BeyondReach.class);
    }

    private StoredBlob pushed(Content content) {
        try (BlobWriter writer = store.begin("owner")) {
            writer.append(0, content.buffer());
            return writer.commit(content.digest());
        }
    }
}
