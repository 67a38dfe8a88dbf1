package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Blob;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SmallDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full: a small one that root can mount in memory. */
class FullDiskTest {
    private static final String OWNER = "owner";
    private static final FileStoreOptions NO_RESERVE = FileStoreOptions.DEFAULT.withReserve(0);

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path disk;

    @Test
    void a_full_disk_keeps_what_was_acknowledged_and_the_session_and_recovers() throws Exception {
        Content kept = seed.content(1, 1 << 20);
        Content rubbish = seed.content(2, 2 << 20);
        Content large = seed.content(3, 6 << 20);
        try (SmallDisk mounted = SmallDisk.mount(disk, "size=8m");
                FileBlobStore store = FileBlobStore.create(mounted.path().resolve("store"), NO_RESERVE)) {
            StoredBlob first = push(store, kept);
            StoredBlob second = push(store, rubbish);
            BlobWriter writer = store.begin(OWNER);
            UploadId id = writer.id();
            assertThatThrownBy(() -> fill(writer, large)).isInstanceOf(RegistryException.InsufficientStorage.class);
            assertThat(store.status(id, OWNER).offset())
                    .isEqualTo(writer.offset())
                    .isPositive();
            try (Blob blob = store.open(first, Reach.LOCAL)) {
                assertThat(Bytes.of(blob)).isEqualTo(kept.bytes());
            }
            store.delete(second.key());
            fill(writer, large);
            try (Blob blob = store.open(writer.commit(large.digest()), Reach.LOCAL)) {
                assertThat(Bytes.of(blob)).isEqualTo(large.bytes());
            }
        }
    }

    @Test
    void a_disk_without_room_for_names_is_full_too() throws Exception {
        try (SmallDisk mounted = SmallDisk.mount(disk, "size=8m,nr_inodes=540");
                FileBlobStore store = FileBlobStore.create(mounted.path().resolve("store"), NO_RESERVE)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            store.begin(OWNER).close();
                        }
                    })
                    .isInstanceOf(RegistryException.InsufficientStorage.class);
            store.sweep(Instant.now().plusSeconds(10), key -> true);
            push(store, seed.content(1, 10));
        }
    }

    private static void fill(BlobWriter writer, Content content) {
        while (writer.offset() < content.size()) {
            long at = writer.offset();
            ByteBuffer piece = content.buffer(at, Math.min(content.size(), at + 100_000));
            writer.append(at, piece);
        }
    }

    private static StoredBlob push(FileBlobStore store, Content content) {
        try (BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, content.buffer());
            StoredBlob stored = writer.commit(content.digest());
            store.settle(stored.key());
            return stored;
        }
    }
}
