package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Blob;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each call to the file system fails once, before or after it had its effect. */
class FaultTest {
    private static final Path ROOT = Path.of("/store");
    private static final String OWNER = "owner";

    @RegisterExtension
    final Seed seed = new Seed();

    private final SettableClock clock = new SettableClock();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatever_call_fails_what_was_acknowledged_stays_and_nothing_leaks(boolean hadEffect) throws IOException {
        int call = 1;
        while (survives(call, hadEffect)) {
            call++;
        }
        // Fewer would mean that the store does not go through the seam.
        assertThat(call).isGreaterThan(25);
    }

    /** Whether the fault fired. */
    private boolean survives(int call, boolean hadEffect) throws IOException {
        CrashFiles disk = new CrashFiles(clock);
        Faults faults = new Faults(disk, call, hadEffect);
        Set<BlobKey> rows = new HashSet<>();
        List<StoredBlob> kept = new ArrayList<>();
        Optional<FileBlobStore> opened = open(faults);
        if (opened.isEmpty()) {
            // It refused to start: that is a clean error.
            opened = open(disk);
        }
        try (FileBlobStore store = opened.orElseThrow()) {
            attempt(() -> story(store, rows, kept));
            faults.over();
            story(store, rows, kept);
            clock.advance(Duration.ofDays(2));
            store.sweep(clock.instant(), rows::contains);
            assertThat(disk.files().keySet())
                    .as("after call %s failed", call)
                    .hasSameSizeAs(rows)
                    .noneMatch(path -> path.startsWith(ROOT.resolve("uploads")));
            for (StoredBlob stored : kept) {
                try (Blob blob = store.open(stored, Reach.LOCAL)) {
                    assertThat(Bytes.of(blob)).isEqualTo(content().bytes());
                }
            }
        }
        return faults.fired;
    }

    private void story(FileBlobStore store, Set<BlobKey> rows, List<StoredBlob> kept) {
        UploadId id;
        try (BlobWriter writer = store.begin(OWNER)) {
            id = writer.id();
            writer.append(0, content().buffer(0, 10));
        }
        try (BlobWriter writer = store.resume(id, OWNER)) {
            try {
                writer.append(10, content().buffer(10, 20));
            } catch (RegistryException.Unavailable e) {
                assertThat(writer.offset()).isEqualTo(10);
                assertThat(store.status(id, OWNER).offset()).isEqualTo(10);
                throw e;
            }
            writer.append(20, content().buffer(20, 30));
            StoredBlob stored = writer.commit(content().digest());
            rows.add(stored.key());
            kept.add(stored);
            store.settle(stored.key());
            store.open(stored, Reach.LOCAL).close();
        }
        BlobWriter cancelled = store.begin(OWNER);
        cancelled.append(0, content().buffer());
        cancelled.cancel();
        BlobWriter deleted = store.begin(OWNER);
        deleted.append(0, content().buffer());
        store.delete(deleted.commit(content().digest()).key());
        BlobWriter wrong = store.begin(OWNER);
        try {
            wrong.commit(content().digest());
        } catch (RegistryException.Invalid e) {
            // As it should.
            assertThat(e.code()).isNotNull();
        }
        store.sweep(clock.instant(), rows::contains);
    }

    private Optional<FileBlobStore> open(BlobFiles files) {
        try {
            return Optional.of(new FileBlobStore(ROOT, files, FileStoreOptions.DEFAULT, clock, () -> {}));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void attempt(Runnable story) {
        try {
            story.run();
        } catch (RegistryException.Unavailable e) {
            assertThat(e).hasMessageNotContaining("/store");
        }
    }

    private Content content() {
        return seed.content(1, 30);
    }

    @Test
    void a_sync_that_failed_is_not_tried_again() throws IOException {
        CrashFiles disk = new CrashFiles(clock);
        FailingSync files = new FailingSync(disk);
        try (FileBlobStore store = open(files).orElseThrow();
                BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, content().buffer());
            attempt(() -> writer.commit(content().digest()));
            attempt(() -> {
                try {
                    writer.commit(content().digest());
                } catch (RegistryException.Unknown e) {
                    throw RegistryException.storage("gone, as it should be", e);
                }
            });
            assertThat(files.syncs).isEqualTo(1);
            assertThat(disk.files()).isEmpty();
        }
    }

    @Test
    void an_upload_whose_bytes_were_lost_while_it_grew_is_never_committed() throws Exception {
        CrashFiles disk = new CrashFiles(clock);
        FailingSync files = new FailingSync(disk);
        FileStoreOptions options = FileStoreOptions.DEFAULT.withSyncEvery(1);
        try (FileBlobStore store = new FileBlobStore(ROOT, files, options, clock, () -> {});
                BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, content().buffer());
            files.failed.await();
            files.fails = false;
            assertThat(committed(writer)).isEmpty();
            assertThat(disk.files()).isEmpty();
        }
    }

    private Optional<StoredBlob> committed(BlobWriter writer) {
        try {
            return Optional.of(writer.commit(content().digest()));
        } catch (RegistryException.Unavailable e) {
            return Optional.empty();
        }
    }

    private static final class FailingSync extends ForwardingFiles {
        final CountDownLatch failed = new CountDownLatch(1);
        volatile boolean fails = true;
        volatile int syncs;

        FailingSync(BlobFiles files) {
            super(files);
        }

        @Override
        protected Output opened(Path file, Output output) {
            return new ForwardingOutput(output) {
                @Override
                public void sync() throws IOException {
                    syncs = syncs + 1;
                    boolean fatal = fails;
                    failed.countDown();
                    if (fatal) {
                        throw new IOException("Input/output error");
                    }
                    output.sync();
                }
            };
        }
    }

    /** Lets one call fail. */
    private static final class Faults extends ForwardingFiles {
        private final int fatal;
        private final boolean hadEffect;
        private int calls;
        private boolean over;
        private boolean fired;

        Faults(BlobFiles files, int fatal, boolean hadEffect) {
            super(files);
            this.fatal = fatal;
            this.hadEffect = hadEffect;
        }

        private interface Work<T> {
            T run() throws IOException;
        }

        private interface Step {
            void run() throws IOException;
        }

        synchronized void over() {
            over = true;
        }

        private synchronized <T> T call(Work<T> work) throws IOException {
            calls++;
            if (calls == fatal && !over) {
                fired = true;
                if (hadEffect) {
                    work.run();
                }
                throw new IOException("call " + calls + " failed");
            }
            return work.run();
        }

        private void step(Step step) throws IOException {
            call(() -> {
                step.run();
                return true;
            });
        }

        @Override
        public Output create(Path file) throws IOException {
            return call(() -> super.create(file));
        }

        @Override
        public Output reopen(Path file) throws IOException {
            return call(() -> super.reopen(file));
        }

        @Override
        public FileChannel read(Path file) throws IOException {
            return call(() -> super.read(file));
        }

        @Override
        public boolean exists(Path file) throws IOException {
            return call(() -> super.exists(file));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            step(() -> super.rename(from, to));
        }

        @Override
        public void delete(Path file) throws IOException {
            step(() -> super.delete(file));
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            step(() -> super.syncDirectory(directory));
        }

        @Override
        public List<Entry> list(Path directory) throws IOException {
            return call(() -> super.list(directory));
        }

        @Override
        public long usableSpace(Path path) throws IOException {
            return call(() -> super.usableSpace(path));
        }

        @Override
        public void close() throws IOException {
            step(super::close);
        }

        @Override
        protected Output opened(Path file, Output output) {
            return new ForwardingOutput(output) {
                @Override
                public int write(ByteBuffer bytes, long at) throws IOException {
                    return call(() -> super.write(bytes, at));
                }

                @Override
                public long size() throws IOException {
                    return call(super::size);
                }

                @Override
                public void truncate(long size) throws IOException {
                    step(() -> super.truncate(size));
                }

                @Override
                public void sync() throws IOException {
                    step(super::sync);
                }

                @Override
                public void close() throws IOException {
                    step(super::close);
                }
            };
        }
    }
}
