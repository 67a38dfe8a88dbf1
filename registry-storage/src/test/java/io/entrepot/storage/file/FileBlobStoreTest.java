package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Blob;
import io.entrepot.core.Digest;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the file store does beyond the contract: with its files, its disk, its limits and its callers' interrupts. */
@Timeout(60)
class FileBlobStoreTest {
    private static final String OWNER = "owner";

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/b", "a\\b", "a.b", "a b", "ä", "a\u0000", "C:"})
    void an_owner_that_is_no_word_is_refused(String owner) throws IOException {
        try (FileBlobStore store = inMemory(FileStoreOptions.DEFAULT)) {
            assertThatThrownBy(() -> store.begin(owner)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.begin("a".repeat(65))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.status(UploadId.random(), owner))
                    .isInstanceOf(RegistryException.Unknown.class);
        }
    }

    @Test
    void one_session_too_many_ends_the_longest_idle_one() throws IOException {
        try (FileBlobStore store = inMemory(FileStoreOptions.DEFAULT.withMaxSessions(3))) {
            List<UploadId> ids = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ids.add(store.begin(OWNER).id());
                clock.advance(Duration.ofMinutes(1));
            }
            store.resume(ids.get(0), OWNER).append(0, ByteBuffer.allocate(1));
            ids.add(store.begin(OWNER).id());
            assertThat(ids.stream().filter(id -> exists(store, id)))
                    .containsExactly(ids.get(0), ids.get(2), ids.get(3));
        }
    }

    private static boolean exists(BlobStore store, UploadId id) {
        try {
            store.status(id, OWNER);
            return true;
        } catch (RegistryException.Unknown e) {
            return false;
        }
    }

    @Test
    void sessions_end_when_their_idle_time_is_over_by_the_stores_clock() throws IOException {
        try (FileBlobStore store = inMemory(FileStoreOptions.DEFAULT)) {
            UploadId idle = store.begin(OWNER).id();
            clock.advance(Duration.ofHours(20));
            UploadId younger = store.begin(OWNER).id();
            clock.advance(Duration.ofHours(5));
            store.sweep(clock.instant().minus(Duration.ofHours(24)), key -> true);
            assertThat(exists(store, idle)).isFalse();
            assertThat(exists(store, younger)).isTrue();
        }
    }

    @Test
    void uploads_leave_the_reserve_alone_and_go_on_when_there_is_room_again() throws IOException {
        CrashFiles disk = new CrashFiles(clock);
        Content content = seed.content(1, 100);
        try (FileBlobStore store = store(disk, FileStoreOptions.DEFAULT.withReserve(1_000));
                BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, content.buffer(0, 50));
            disk.usable(1_049);
            clock.advance(Duration.ofSeconds(2));
            assertThatThrownBy(() -> writer.append(50, content.buffer(50, 100)))
                    .isInstanceOf(RegistryException.InsufficientStorage.class);
            disk.usable(999);
            clock.advance(Duration.ofSeconds(2));
            assertThatThrownBy(() -> store.begin(OWNER)).isInstanceOf(RegistryException.InsufficientStorage.class);
            assertThat(writer.offset()).isEqualTo(50);
            disk.usable(10_000);
            clock.advance(Duration.ofSeconds(2));
            writer.append(50, content.buffer(50, 100));
            assertThat(writer.commit(content.digest()).size()).isEqualTo(100);
        }
    }

    @Test
    void a_size_that_would_come_from_the_reserve_is_refused_before_a_byte_is_sent() throws IOException {
        CrashFiles disk = new CrashFiles(clock);
        disk.usable(1_049);
        try (FileBlobStore store = store(disk, FileStoreOptions.DEFAULT.withReserve(1_000))) {
            assertThatThrownBy(() -> store.begin(OWNER, sized(50)))
                    .isInstanceOf(RegistryException.InsufficientStorage.class);
            assertThat(disk.files()).isEmpty();
            store.begin(OWNER, sized(49)).cancel();
            // A hint sets nothing aside.
            store.begin(OWNER, sized(49)).append(0, ByteBuffer.allocate(49));
        }
    }

    private static UploadHints sized(long size) {
        return new UploadHints(OptionalLong.of(size), Optional.empty());
    }

    /** The disk takes them, says that it failed and cannot cut them off again. */
    @Test
    void bytes_of_an_append_that_failed_are_not_read_along() throws IOException {
        AtomicBoolean failing = new AtomicBoolean();
        BlobFiles bad = new ForwardingFiles(new CrashFiles(clock)) {
            @Override
            protected Output opened(Path file, Output output) {
                return new ForwardingOutput(output) {
                    @Override
                    public int write(ByteBuffer bytes, long at) throws IOException {
                        int written = super.write(bytes, at);
                        if (failing.get()) {
                            throw new IOException("the disk is tired");
                        }
                        return written;
                    }

                    @Override
                    public void truncate(long size) throws IOException {
                        throw new IOException("the disk is tired");
                    }
                };
            }
        };
        Content content = seed.content(1, 100);
        try (FileBlobStore store = store(bad, FileStoreOptions.DEFAULT);
                BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, content.buffer(0, 40));
            HeldBytes held = writer.held().orElseThrow();
            failing.set(true);
            assertThatThrownBy(() -> writer.append(40, ByteBuffer.allocate(60)))
                    .isInstanceOf(RegistryException.Unavailable.class);
            ByteBuffer read = ByteBuffer.allocate(100);
            assertThat(held.read(0, read)).isEqualTo(40);
            assertThat(held.read(40, read)).isZero();
            failing.set(false);
            writer.append(40, content.buffer(40, 100));
            assertThat(held.read(40, read)).isEqualTo(60);
            assertThat(read.array()).isEqualTo(content.bytes());
            held.close();
        }
    }

    @Test
    void who_takes_over_waits_for_the_append_that_is_running_and_ends_its_writer() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        BlobFiles slow = new ForwardingFiles(new CrashFiles(clock)) {
            @Override
            protected Output opened(Path file, Output output) {
                return new ForwardingOutput(output) {
                    @Override
                    public int write(ByteBuffer bytes, long at) throws IOException {
                        writing.countDown();
                        await(goOn);
                        return super.write(bytes, at);
                    }
                };
            }
        };
        Content content = seed.content(1, 20);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (FileBlobStore store = store(slow, FileStoreOptions.DEFAULT)) {
            BlobWriter first = store.begin(OWNER);
            Future<?> append = threads.submit(() -> first.append(0, content.buffer(0, 10)));
            await(writing);
            Future<BlobWriter> takeOver = threads.submit(() -> store.resume(first.id(), OWNER));
            assertThatThrownBy(() -> takeOver.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            goOn.countDown();
            append.get();
            BlobWriter second = takeOver.get();
            assertThat(second.offset()).isEqualTo(10);
            assertThatThrownBy(() -> first.append(10, content.buffer(10, 20)))
                    .isInstanceOf(RegistryException.Unknown.class);
            first.close();
            second.append(10, content.buffer(10, 20));
            assertThat(second.commit(content.digest()).size()).isEqualTo(20);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void an_object_whose_session_file_is_still_there_is_not_written_to_again() throws IOException {
        // As a file system that renames in two steps could leave it.
        CrashFiles disk = new CrashFiles(clock);
        Content content = seed.content(1, 20);
        Layout layout = new Layout(Path.of("/store"));
        Layout.Part part = new Layout.Part(UploadId.random(), OWNER);
        BlobKey key = new BlobKey(content.digest(), part.id());
        for (Path file : List.of(layout.part(part), layout.object(key), layout.sealed(key))) {
            disk.create(file).write(content.buffer(), 0);
        }
        try (FileBlobStore store = store(disk, FileStoreOptions.DEFAULT)) {
            assertThat(exists(store, part.id())).isFalse();
            List<BlobKey> asked = new ArrayList<>();
            clock.advance(Duration.ofDays(1));
            store.sweep(clock.instant(), asked::add);
            assertThat(asked).containsExactly(key);
            assertThat(disk.files()).containsOnlyKeys(layout.object(key));
        }
    }

    @Test
    void a_commit_cut_short_before_it_had_its_name_can_be_made_again() throws IOException {
        CrashFiles disk = new CrashFiles(clock);
        Content content = seed.content(1, 20);
        Layout layout = new Layout(Path.of("/store"));
        Layout.Part part = new Layout.Part(UploadId.random(), OWNER);
        disk.create(layout.part(part)).write(content.buffer(), 0);
        disk.create(layout.sealed(new BlobKey(content.digest(), part.id())));
        try (FileBlobStore store = store(disk, FileStoreOptions.DEFAULT);
                BlobWriter writer = store.resume(part.id(), OWNER)) {
            assertThat(writer.commit(content.digest()).size()).isEqualTo(20);
        }
    }

    @Test
    void an_interrupt_disturbs_nobody_but_who_is_interrupted() throws Exception {
        Content content = seed.content(1, 40_000);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger pushed = new AtomicInteger();
        List<Thread> pushers = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        try (FileBlobStore store = FileBlobStore.create(folder.resolve("store"), FileStoreOptions.DEFAULT)) {
            StoredBlob read = push(store, content);
            Runnable push = () -> {
                StoredBlob stored = push(store, content);
                store.delete(stored.key());
                pushed.incrementAndGet();
            };
            Runnable interruptedPush = () -> {
                try {
                    push.run();
                } catch (RegistryException.Unavailable e) {
                    assertThat(e).hasRootCauseInstanceOf(ClosedByInterruptException.class);
                } finally {
                    Thread.interrupted();
                }
            };
            Runnable pull = () -> {
                try (Blob blob = store.open(read, Reach.LOCAL)) {
                    assertThat(Bytes.of(blob)).isEqualTo(content.bytes());
                }
            };
            // All push the same bytes, so they share one directory and its syncs.
            Thread reader = looping(pull, over, failures);
            Thread calm = looping(push, over, failures);
            for (int i = 0; i < 3; i++) {
                pushers.add(looping(interruptedPush, over, failures));
            }
            Random random = seed.random();
            for (int i = 0; i < 10_000; i++) {
                pushers.get(random.nextInt(pushers.size())).interrupt();
                if (i % 50 == 0) {
                    Thread.sleep(1);
                }
            }
            over.set(true);
            for (Thread thread : pushers) {
                thread.join();
            }
            reader.join();
            calm.join();
        }
        assertThat(failures).isEmpty();
        assertThat(pushed).hasPositiveValue();
    }

    private static Thread looping(Runnable work, AtomicBoolean over, List<Throwable> failures) {
        Thread thread = new Thread(() -> {
            try {
                do {
                    work.run();
                } while (!over.get());
            } catch (RuntimeException | AssertionError e) {
                failures.add(e);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_symbolic_link_in_the_place_of_an_object_or_a_session_is_refused() throws IOException {
        Content content = seed.content(1, 20);
        Path root = folder.resolve("store");
        Path secret = Files.write(folder.resolve("secret"), content.bytes());
        try (FileBlobStore store = FileBlobStore.create(root, FileStoreOptions.DEFAULT)) {
            StoredBlob stored = push(store, content);
            Path object = new Layout(root).object(stored.key());
            Files.delete(object);
            Files.createSymbolicLink(object, secret);
            assertThatThrownBy(() -> store.open(stored, Reach.LOCAL)).isInstanceOf(RegistryException.Unavailable.class);

            BlobWriter writer = store.begin(OWNER);
            writer.close();
            for (int i = 0; i < IdleFiles.MOST; i++) {
                // Until its file is closed.
                store.begin(OWNER).close();
            }
            Path part = new Layout(root).part(new Layout.Part(writer.id(), OWNER));
            Files.delete(part);
            Files.createSymbolicLink(part, secret);
            try (BlobWriter again = store.resume(writer.id(), OWNER)) {
                assertThatThrownBy(() -> again.append(0, ByteBuffer.allocate(1)))
                        .isInstanceOf(RegistryException.Unavailable.class);
            }
            assertThat(secret).hasBinaryContent(content.bytes());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void nobody_else_may_read_anything() throws IOException {
        Path root = folder.resolve("store");
        try (FileBlobStore store = FileBlobStore.create(root, FileStoreOptions.DEFAULT)) {
            push(store, seed.content(1, 20));
            store.begin(OWNER).append(0, ByteBuffer.allocate(1));
            try (Stream<Path> all = Files.walk(root)) {
                assertThat(all)
                        .allSatisfy(
                                path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                                        .endsWith("------"));
            }
        }
    }

    @Test
    void a_closed_store_says_that_it_is_closing_and_not_that_sessions_are_gone() throws IOException {
        FileBlobStore store = inMemory(FileStoreOptions.DEFAULT);
        BlobWriter writer = store.begin(OWNER);
        store.close();
        assertThatThrownBy(() -> writer.append(0, ByteBuffer.allocate(1)))
                .isInstanceOf(RegistryException.Unavailable.class);
        assertThatThrownBy(() -> store.resume(writer.id(), OWNER)).isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void what_was_sent_may_be_named_by_either_algorithm_after_a_restart() throws IOException {
        CrashFiles disk = new CrashFiles(clock);
        Content content = seed.content(1, 700_000);
        BlobWriter writer;
        try (FileBlobStore store = store(disk, FileStoreOptions.DEFAULT)) {
            writer = store.begin(OWNER);
            writer.append(0, content.buffer(0, 600_000));
        }
        try (FileBlobStore store = store(disk, FileStoreOptions.DEFAULT);
                BlobWriter again = store.resume(writer.id(), OWNER)) {
            again.append(600_000, content.buffer(600_000, 700_000));
            assertThat(again.commit(content.digest(Digest.Algorithm.SHA512)).size())
                    .isEqualTo(700_000);
        }
    }

    private static StoredBlob push(BlobStore store, Content content) {
        try (BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, content.buffer());
            return writer.commit(content.digest());
        }
    }

    private FileBlobStore inMemory(FileStoreOptions options) throws IOException {
        return store(new CrashFiles(clock), options);
    }

    private FileBlobStore store(BlobFiles files, FileStoreOptions options) throws IOException {
        return new FileBlobStore(Path.of("/store"), files, options, clock, () -> {});
    }
}
