package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.testkit.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a store keeps open between requests, how much of it, and that nothing is left. */
@Timeout(60)
class OpenFilesTest {
    private static final String OWNER = "owner";

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void a_sessions_file_is_opened_once_for_all_of_its_requests() throws IOException {
        Counting files = counting();
        Content content = seed.content(1, 20);
        try (FileBlobStore store = store(files)) {
            UploadId id = begun(store, content.buffer(0, 10).remaining());
            assertThat(files.opened).hasValue(1);
            try (BlobWriter writer = store.resume(id, OWNER)) {
                writer.append(10, content.buffer(10, 20));
            }
            store.resume(id, OWNER).cancel();
            assertThat(files.opened).hasValue(1);
            assertThat(files.open).hasValue(0);
        }
    }

    @Test
    void the_longest_idle_sessions_files_are_closed_and_they_go_on_all_the_same() throws IOException {
        Counting files = counting();
        Content content = seed.content(1, 20);
        try (FileBlobStore store = store(files)) {
            UploadId first;
            try (BlobWriter writer = store.begin(OWNER)) {
                first = writer.id();
                writer.append(0, content.buffer(0, 10));
            }
            for (int i = 1; i < IdleFiles.MOST; i++) {
                begun(store, 1);
            }
            assertThat(files.open).hasValue(IdleFiles.MOST);
            // The one that is used now is not idle, and the longest idle one when it is left is another.
            store.resume(first, OWNER).close();
            int opened = files.opened.get();
            begun(store, 1);
            store.resume(first, OWNER).close();
            assertThat(files.opened).hasValue(opened + 1);
            for (int i = 0; i < IdleFiles.MOST; i++) {
                begun(store, 1);
            }
            assertThat(files.open).hasValue(IdleFiles.MOST);
            opened = files.opened.get();
            try (BlobWriter writer = store.resume(first, OWNER)) {
                writer.append(10, content.buffer(10, 20));
                assertThat(files.opened).hasValue(opened + 1);
                assertThat(writer.commit(content.digest()).size()).isEqualTo(20);
            }
        }
        assertThat(files.open).hasValue(0);
    }

    @Test
    void sessions_that_end_leave_no_file_open() throws IOException {
        Counting files = counting();
        try (FileBlobStore store = store(files)) {
            for (int i = 0; i < 10; i++) {
                begun(store, 1);
            }
            clock.advance(Duration.ofDays(2));
            store.sweep(clock.instant(), key -> true);
            assertThat(files.open).hasValue(0);
        }
    }

    @Test
    void however_many_come_and_go_at_once_no_more_stay_open_and_no_byte_is_lost() throws Exception {
        Counting files = counting();
        Content content = seed.content(1, 2_000);
        List<UploadId> ids = new ArrayList<>();
        long random = seed.random().nextLong();
        try (FileBlobStore store = store(files)) {
            for (int i = 0; i < 2 * IdleFiles.MOST; i++) {
                ids.add(begun(store, 0));
            }
            Threads.together(8, thread -> {
                Random mine = new Random(random + thread);
                for (int i = 0; i < 1_000; i++) {
                    appendSome(store, ids.get(mine.nextInt(ids.size())), content);
                }
                return thread;
            });
            assertThat(files.open.get()).isLessThanOrEqualTo(IdleFiles.MOST);
            for (UploadId id : ids) {
                try (BlobWriter writer = store.resume(id, OWNER)) {
                    writer.append(writer.offset(), content.buffer(writer.offset(), content.size()));
                    writer.commit(content.digest());
                }
            }
            assertThat(files.open).hasValue(0);
        }
    }

    private static void appendSome(FileBlobStore store, UploadId id, Content content) {
        try (BlobWriter writer = store.resume(id, OWNER)) {
            long at = writer.offset();
            writer.append(at, content.buffer(at, Math.min(content.size(), at + 3)));
        } catch (RegistryException.Unknown e) {
            // Somebody else has taken it over.
            assertThat(e).isNotNull();
        }
    }

    @Test
    void a_store_that_is_closed_begins_nothing_and_has_nothing_open() throws IOException {
        Counting files = counting();
        FileBlobStore store = store(files);
        begun(store, 1);
        BlobWriter writer = store.begin(OWNER);
        store.close();
        writer.close();
        assertThatThrownBy(() -> store.begin(OWNER)).isInstanceOf(RegistryException.Unavailable.class);
        assertThat(files.open).hasValue(0);
        assertThat(files.closed).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_system_agrees() throws IOException {
        Path root = folder.toRealPath().resolve("store");
        FileBlobStore store = FileBlobStore.create(root, FileStoreOptions.DEFAULT);
        int before = descriptors(root);
        for (int i = 0; i < 100; i++) {
            Content content = seed.content(i % 3, 20);
            try (BlobWriter writer = store.begin(OWNER)) {
                writer.append(0, content.buffer());
                StoredBlob stored = writer.commit(content.digest());
                store.settle(stored.key());
            }
            begun(store, 1);
        }
        assertThat(descriptors(root) - before).isBetween(IdleFiles.MOST + 1, IdleFiles.MOST + 3);
        store.close();
        assertThat(descriptors(root)).isZero();
    }

    private static int descriptors(Path root) throws IOException {
        int found = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : (Iterable<Path>) all::iterator) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).startsWith(root)) {
                    found++;
                }
            }
        }
        return found;
    }

    private UploadId begun(FileBlobStore store, int bytes) {
        try (BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, seed.content(1, 20).buffer(0, bytes));
            return writer.id();
        }
    }

    private Counting counting() {
        return new Counting(new CrashFiles(clock));
    }

    private FileBlobStore store(BlobFiles files) throws IOException {
        return new FileBlobStore(Path.of("/store"), files, FileStoreOptions.DEFAULT, clock, () -> {});
    }

    /** Counts what is open for writing. */
    private static final class Counting extends ForwardingFiles {
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();
        volatile boolean closed;

        Counting(BlobFiles files) {
            super(files);
        }

        @Override
        protected Output opened(Path file, Output output) {
            opened.incrementAndGet();
            open.incrementAndGet();
            return new ForwardingOutput(output) {
                @Override
                public void close() throws IOException {
                    open.decrementAndGet();
                    super.close();
                }
            };
        }

        @Override
        public void close() throws IOException {
            closed = true;
            super.close();
        }
    }
}
