package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Blob;
import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a power cut, or the death of the process, leaves: after every call that the store makes to the file system, with
 * every (or, where these are too many, many a) part of what was not synced. And the test of the test: stores that forget
 * a sync, or sync in the wrong order, are caught.
 */
class CrashTest {
    private static final Path ROOT = Path.of("/store");
    private static final String OWNER = "owner";
    private static final int EXHAUSTIVE = 10;
    private static final int SAMPLES = 500;

    @RegisterExtension
    final Seed seed = new Seed();

    private final SettableClock clock = new SettableClock();
    private CrashFiles disk;
    /** From which moment on a row names the object, and until when. */
    private final Map<StoredBlob, int[]> rows = new HashMap<>();

    private final Map<BlobKey, Content> contents = new HashMap<>();
    private final Content unfinished = content(99, 30);
    private UploadId left = UploadId.random();
    private int states;

    @BeforeEach
    void makeDisk() {
        disk = new CrashFiles(clock);
    }

    @Test
    void what_a_row_names_is_whole_and_nothing_torn_has_a_name() throws Exception {
        assertThat(violations(files -> files, Integer.MAX_VALUE)).isEmpty();

        assertThat(states).isGreaterThan(10_000);
    }

    @Test
    void a_store_that_does_not_sync_files_is_caught() throws Exception {
        assertThat(violations(NoFileSync::new, 1)).isNotEmpty();
    }

    @Test
    void a_store_that_does_not_sync_directories_is_caught() throws Exception {
        assertThat(violations(NoDirectorySync::new, 1)).isNotEmpty();
    }

    @Test
    void a_store_that_renames_before_it_syncs_is_caught() throws Exception {
        assertThat(violations(LateSync::new, 1)).isNotEmpty();
    }

    private Set<String> violations(UnaryOperator<BlobFiles> defect, int enough) throws IOException {
        workload(defect.apply(disk));
        Random random = seed.random();
        Set<String> violations = new LinkedHashSet<>();
        for (int moment = 0; moment <= disk.moment() && violations.size() < enough; moment++) {
            List<CrashFiles.Change> unsynced = disk.unsynced(moment);
            for (BitSet survivors : subsets(unsynced.size(), random)) {
                states++;
                check(moment, disk.after(moment, unsynced, survivors), survivors, unsynced.size(), violations);
            }
        }
        return violations;
    }

    /** Sessions that overlap, end in every way, and two objects that are deleted again. */
    private void workload(BlobFiles files) throws IOException {
        try (FileBlobStore store = store(files)) {
            StoredBlob first = push(store, content(1, 40), 2);
            row(first);
            store.settle(first.key());

            Content two = content(2, 30);
            Content three = content(3, 50);
            BlobWriter second = store.begin(OWNER);
            second.append(0, two.buffer(0, 10));
            BlobWriter third = store.begin(OWNER);
            third.append(0, three.buffer(0, 20));
            second.append(10, two.buffer(10, 30));
            StoredBlob secondStored = committed(second, two);
            row(secondStored);
            third.append(20, three.buffer(20, 50));
            StoredBlob thirdStored = committed(third, three);
            store.settle(secondStored.key());
            row(thirdStored);
            dead(first);
            store.delete(first.key());
            store.settle(thirdStored.key());
            StoredBlob fourth = push(store, content(5, 30), 1);
            row(fourth);
            store.settle(fourth.key());

            BlobWriter cancelled = store.begin(OWNER);
            cancelled.append(0, ByteBuffer.allocate(5));
            cancelled.cancel();
            BlobWriter open = store.begin(OWNER);
            left = open.id();
            open.append(0, unfinished.buffer(0, 10));
            open.append(10, unfinished.buffer(10, 20));
            StoredBlob neverNamed = push(store, content(4, 20), 1);
            store.sweep(Instant.MIN, key -> false);
            store.delete(neverNamed.key());
        }
    }

    private void check(int moment, CrashFiles left, BitSet survivors, int unsynced, Set<String> violations)
            throws IOException {
        left.files().forEach((path, bytes) -> {
            if (path.startsWith(ROOT.resolve("blobs")) && !path.toString().contains(sha256(bytes))) {
                violations.add("a torn file has an object's name");
            }
        });
        try (FileBlobStore store = store(left)) {
            Set<BlobKey> named = new LinkedHashSet<>();
            for (Map.Entry<StoredBlob, int[]> row : rows.entrySet()) {
                if (row.getValue()[0] <= moment && moment < row.getValue()[1]) {
                    named.add(row.getKey().key());
                    if (!reads(store, row.getKey())) {
                        violations.add("a row names an object that is missing or torn");
                    }
                }
            }
            goOn(store, violations);
            clock.advance(Duration.ofDays(2));
            rows.forEach((stored, row) -> {
                if (moment >= row[1]) {
                    store.delete(stored.key());
                }
            });
            store.sweep(clock.instant(), named::contains);
            if (left.files().keySet().stream().anyMatch(path -> path.startsWith(ROOT.resolve("uploads")))) {
                violations.add("a sweep left something in uploads");
            }
            boolean allSurvived = survivors.cardinality() == unsynced;
            if (allSurvived && left.files().size() != named.size()) {
                violations.add("the death of a process left what a sweep does not find: "
                        + left.files().keySet());
            }
        }
    }

    /** The session that was left open is known with what it holds, or not at all; it never becomes other bytes. */
    private void goOn(BlobStore store, Set<String> violations) {
        try (BlobWriter writer = store.resume(left, OWNER)) {
            if (writer.offset() > 20) {
                violations.add("a session holds more than was sent");
            }
            writer.append(writer.offset(), unfinished.buffer(writer.offset(), 30));
            StoredBlob stored = writer.commit(unfinished.digest());
            try (Blob blob = store.open(stored, Reach.LOCAL)) {
                if (!Arrays.equals(Bytes.of(blob), unfinished.bytes())) {
                    violations.add("a resumed session became other bytes");
                }
            }
            store.delete(stored.key());
        } catch (RegistryException.Unknown | RegistryException.Invalid e) {
            // It did not get to the disk, or not whole: the client begins again.
        }
    }

    private boolean reads(BlobStore store, StoredBlob stored) {
        try (Blob blob = store.open(stored, Reach.LOCAL)) {
            return Arrays.equals(Bytes.of(blob), contents.get(stored.key()).bytes());
        } catch (RegistryException.Unavailable e) {
            return false;
        }
    }

    private List<BitSet> subsets(int size, Random random) {
        List<BitSet> subsets = new ArrayList<>();
        if (size <= EXHAUSTIVE) {
            for (long bits = 0; bits < 1L << size; bits++) {
                subsets.add(BitSet.valueOf(new long[] {bits}));
            }
            return subsets;
        }
        BitSet all = new BitSet();
        all.set(0, size);
        subsets.add(new BitSet());
        subsets.add(all);
        for (int i = 0; i < size; i++) {
            BitSet one = new BitSet();
            one.set(i);
            subsets.add(one);
            BitSet allButOne = (BitSet) all.clone();
            allButOne.clear(i);
            subsets.add(allButOne);
        }
        for (int i = 0; i < SAMPLES; i++) {
            BitSet some = new BitSet();
            for (int bit = 0; bit < size; bit++) {
                some.set(bit, random.nextBoolean());
            }
            subsets.add(some);
        }
        return subsets;
    }

    private FileBlobStore store(BlobFiles files) throws IOException {
        return new FileBlobStore(ROOT, files, FileStoreOptions.DEFAULT, clock, () -> {});
    }

    private StoredBlob push(BlobStore store, Content content, int pieces) {
        BlobWriter writer = store.begin(OWNER);
        int length = content.size() / pieces;
        for (int at = 0; at < content.size(); at += length) {
            writer.append(at, content.buffer(at, at + length));
        }
        return committed(writer, content);
    }

    private StoredBlob committed(BlobWriter writer, Content content) {
        StoredBlob stored = writer.commit(content.digest());
        contents.put(stored.key(), content);
        return stored;
    }

    private void row(StoredBlob stored) {
        rows.put(stored, new int[] {disk.moment(), Integer.MAX_VALUE});
    }

    /** The row goes to the ledger of the dead, which has it deleted after whatever crash. */
    private void dead(StoredBlob stored) {
        rows.merge(stored, new int[] {0, disk.moment()}, (row, end) -> new int[] {row[0], end[1]});
    }

    private static Content content(int number, int size) {
        return new Seed(7).content(number, size);
    }

    private static String sha256(byte[] bytes) {
        return Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(bytes)).hex();
    }

    private static final class NoFileSync extends ForwardingFiles {
        NoFileSync(BlobFiles files) {
            super(files);
        }

        @Override
        protected Output opened(Path file, Output output) {
            return new ForwardingOutput(output) {
                @Override
                public void sync() {
                    // Forgotten.
                }
            };
        }
    }

    private static final class NoDirectorySync extends ForwardingFiles {
        NoDirectorySync(BlobFiles files) {
            super(files);
        }

        @Override
        public void syncDirectory(Path directory) {
            // Forgotten.
        }
    }

    /** Syncs a file after it has its name. */
    private static final class LateSync extends ForwardingFiles {
        private final Deque<Output> late = new ArrayDeque<>();

        LateSync(BlobFiles files) {
            super(files);
        }

        @Override
        protected Output opened(Path file, Output output) {
            return new ForwardingOutput(output) {
                @Override
                public void sync() {
                    late.add(output);
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            files.rename(from, to);
            while (!late.isEmpty()) {
                late.remove().sync();
            }
        }
    }
}
