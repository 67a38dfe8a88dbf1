package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Blob;
import io.entrepot.core.Reach;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One file stands for many unsettled objects, one after the other. */
class AnnouncementsTest {
    private static final Path ROOT = Path.of("/store");

    @RegisterExtension
    final Seed seed = new Seed();

    private final SettableClock clock = new SettableClock();
    private final Layout layout = new Layout(ROOT);
    private CrashFiles disk;

    @BeforeEach
    void makeDisk() {
        disk = new CrashFiles(clock);
    }

    @Test
    void the_file_of_a_settled_object_becomes_that_of_the_next() throws IOException {
        try (FileBlobStore store = store()) {
            StoredBlob first = pushed(store);
            assertThat(announced()).containsExactly(layout.sealed(first.key()));
            store.settle(first.key());
            StoredBlob second = pushed(store);
            assertThat(announced()).containsExactly(layout.sealed(second.key()));
            StoredBlob third = pushed(store);
            assertThat(announced()).containsExactlyInAnyOrder(layout.sealed(second.key()), layout.sealed(third.key()));
        }
    }

    @Test
    void a_file_is_used_again_for_a_minute_only_so_that_its_time_is_about_that_of_its_object() throws IOException {
        try (FileBlobStore store = store()) {
            StoredBlob first = pushed(store);
            store.settle(first.key());
            clock.advance(Duration.ofSeconds(59));
            StoredBlob second = pushed(store);
            store.settle(second.key());
            clock.advance(Duration.ofSeconds(1));
            pushed(store);
            assertThat(disk.list(layout.uploads()))
                    .extracting(BlobFiles.Entry::modified)
                    .containsExactly(clock.instant());
        }
    }

    @Test
    void a_sweep_and_the_end_of_the_store_leave_no_file_of_settled_objects_and_ask_for_none() throws IOException {
        try (FileBlobStore store = store()) {
            store.settle(pushed(store).key());
            clock.advance(Duration.ofDays(1));
            store.sweep(clock.instant(), key -> {
                throw new AssertionError("asked for " + key);
            });
            assertThat(announced()).isEmpty();
            store.settle(pushed(store).key());
        }
        assertThat(announced()).isEmpty();
    }

    @Test
    void what_a_process_that_dies_leaves_of_a_settled_object_is_settled_again() throws IOException {
        FileBlobStore dying = store();
        StoredBlob settled = pushed(dying);
        dying.settle(settled.key());
        List<BlobKey> asked = new ArrayList<>();
        assertThat(announced()).hasSize(1);
        try (FileBlobStore store = store()) {
            clock.advance(Duration.ofDays(1));
            store.sweep(clock.instant(), asked::add);
            assertThat(asked).containsExactly(settled.key());
            assertThat(announced()).isEmpty();
            try (Blob blob = store.open(settled, Reach.LOCAL)) {
                assertThat(blob.size()).isEqualTo(settled.size());
            }
        }
    }

    private List<Path> announced() {
        return disk.files().keySet().stream()
                .filter(file -> file.startsWith(layout.uploads()))
                .toList();
    }

    private FileBlobStore store() throws IOException {
        return new FileBlobStore(ROOT, disk, FileStoreOptions.DEFAULT, clock, () -> {});
    }

    private StoredBlob pushed(FileBlobStore store) {
        Content content = seed.content(1, 20);
        try (BlobWriter writer = store.begin("owner")) {
            writer.append(0, content.buffer());
            return writer.commit(content.digest());
        }
    }
}
