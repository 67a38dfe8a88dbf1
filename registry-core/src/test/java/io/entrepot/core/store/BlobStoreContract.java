package io.entrepot.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.HeldBytes;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.Threads;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link BlobStore} owes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class BlobStoreContract {
    private static final String OWNER = "alice-team-app";
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    protected final Seed seed = new Seed();

    protected BlobStore store;

    /** An empty store. */
    protected abstract BlobStore open() throws Exception;

    /**
     * Another store over what the last one wrote, if this kind outlives its process. The last one was closed; anything
     * that a killed process would leave behind may still be there.
     */
    protected Optional<BlobStore> reopen() throws Exception {
        return Optional.empty();
    }

    /** The time as this store sees it. */
    protected Instant now() {
        return Instant.now();
    }

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 65_536, 65_537, 1 << 20, (1 << 20) + 1, 3_000_001})
    void what_is_committed_can_be_read_by_every_way_there_is(int size) {
        Content content = seed.content(1, size);
        StoredBlob stored = push(content);
        assertThat(stored.digest()).isEqualTo(content.digest());
        assertThat(stored.size()).isEqualTo(size);
        try (Blob blob = store.open(stored, Reach.ANYWHERE)) {
            assertThat(blob.digest()).isEqualTo(content.digest());
            assertThat(blob.size()).isEqualTo(size);
            assertThat(blob.available()).isEqualTo(size);
            assertThat(blob.failure()).isEmpty();
            assertThat(Bytes.everyWay(blob))
                    .allSatisfy(bytes -> assertThat(bytes).isEqualTo(content.bytes()));
        }
    }

    @Test
    void an_opened_blob_can_be_read_several_times_and_by_several_readers() {
        Content content = seed.content(1, 200_000);
        StoredBlob stored = push(content);
        try (Blob one = store.open(stored, Reach.LOCAL);
                Blob other = store.open(stored, Reach.LOCAL)) {
            assertThat(Bytes.of(one, 100_000, 200_000)).isEqualTo(content.bytes(100_000, 200_000));
            assertThat(Bytes.of(other)).isEqualTo(content.bytes());
            assertThat(Bytes.of(one)).isEqualTo(content.bytes());
        }
    }

    @Test
    void it_can_be_asked_whether_an_object_is_there() {
        Content content = seed.content(1, 1_000);
        StoredBlob stored = push(content);
        assertThat(store.holds(stored)).isTrue();
        assertThat(store.holds(new StoredBlob(stored.key(), content.size() + 1)))
                .isFalse();
        store.delete(stored.key());
        assertThat(store.holds(stored)).isFalse();
    }

    @Test
    void any_range_within_the_size_can_be_read() {
        Content content = seed.content(1, 2_500_000);
        StoredBlob stored = push(content);
        Random random = seed.random();
        try (Blob blob = store.open(stored, Reach.LOCAL)) {
            for (int i = 0; i < 50; i++) {
                int from = random.nextInt(content.size() + 1);
                int to = from + random.nextInt(content.size() - from + 1);
                assertThat(Bytes.of(blob, from, to)).isEqualTo(content.bytes(from, to));
            }
            assertThat(Bytes.of(blob, 0, 1)).isEqualTo(content.bytes(0, 1));
            assertThat(Bytes.of(blob, content.size() - 1, content.size())).hasSize(1);
            assertThat(Bytes.of(blob, content.size(), content.size())).isEmpty();
        }
    }

    @Test
    void bytes_come_in_pieces_of_any_size_from_heap_and_direct_buffers() {
        Content content = seed.content(1, 2_000_000);
        Random random = seed.random();
        try (BlobWriter writer = store.begin(OWNER)) {
            while (writer.offset() < content.size()) {
                long at = writer.offset();
                int length = (int) Math.min(content.size() - at, random.nextInt(100_000));
                ByteBuffer piece = random.nextBoolean()
                        ? content.buffer(at, at + length)
                        : direct(content.bytes(at, at + length), random.nextInt(5));
                writer.append(at, piece);
                assertThat(piece.hasRemaining()).isFalse();
                assertThat(writer.offset()).isEqualTo(at + length);
            }
            assertReads(writer.commit(content.digest()), content);
        }
    }

    private static ByteBuffer direct(byte[] bytes, int position) {
        return ByteBuffer.allocateDirect(position + bytes.length)
                .position(position)
                .put(bytes)
                .position(position);
    }

    @ParameterizedTest
    @EnumSource
    void the_closing_request_decides_the_algorithm(Digest.Algorithm algorithm) {
        Content content = seed.content(1, 100_000);
        try (BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, content.buffer());
            StoredBlob stored = writer.commit(content.digest(algorithm));
            assertThat(stored.digest().algorithm()).isEqualTo(algorithm);
            assertReads(stored, content);
        }
    }

    @Test
    void bytes_for_another_place_than_the_end_are_refused_with_the_end_and_nothing_is_taken() {
        Content content = seed.content(1, 1_000);
        try (BlobWriter writer = store.begin(OWNER)) {
            assertOutOfOrder(writer, 5, content.buffer(5, 10), 0);
            writer.append(0, content.buffer(0, 600));
            assertOutOfOrder(writer, 0, content.buffer(0, 600), 600);
            assertOutOfOrder(writer, 601, content.buffer(601, 1_000), 600);
            assertThat(writer.offset()).isEqualTo(600);
            writer.append(600, content.buffer(600, 1_000));
            assertReads(writer.commit(content.digest()), content);
        }
    }

    private static void assertOutOfOrder(BlobWriter writer, long at, ByteBuffer bytes, long end) {
        int before = bytes.remaining();
        assertThatThrownBy(() -> writer.append(at, bytes))
                .isInstanceOfSatisfying(
                        RegistryException.OutOfOrder.class,
                        e -> assertThat(e.offset()).isEqualTo(end));
        assertThat(bytes.remaining()).isEqualTo(before);
    }

    @Test
    void an_empty_piece_changes_nothing() {
        try (BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, ByteBuffer.allocate(0));
            assertThat(writer.offset()).isZero();
        }
    }

    @Test
    void a_session_that_was_left_is_gone_on_with() {
        Content content = seed.content(1, 300_000);
        UploadId id;
        try (BlobWriter writer = store.begin(OWNER)) {
            id = writer.id();
            writer.append(0, content.buffer(0, 100_000));
        }
        try (BlobWriter writer = store.resume(id, OWNER)) {
            assertThat(writer.id()).isEqualTo(id);
            assertThat(writer.offset()).isEqualTo(100_000);
            writer.append(100_000, content.buffer(100_000, 200_000));
        }
        try (BlobWriter writer = store.resume(id, OWNER)) {
            writer.append(200_000, content.buffer(200_000, 300_000));
            assertReads(writer.commit(content.digest()), content);
        }
    }

    @Test
    void status_says_how_far_a_session_is_and_disturbs_no_writer() {
        Content content = seed.content(1, 20_000);
        try (BlobWriter writer = store.begin(OWNER)) {
            assertThat(store.status(writer.id(), OWNER).offset()).isZero();
            writer.append(0, content.buffer(0, 12_345));
            assertThat(store.status(writer.id(), OWNER).offset()).isEqualTo(12_345);
            assertThat(store.status(writer.id(), OWNER).id()).isEqualTo(writer.id());
            writer.append(12_345, content.buffer(12_345, 20_000));
            assertReads(writer.commit(content.digest()), content);
        }
    }

    @Test
    void whoever_resumes_ends_the_older_writer() {
        Content content = seed.content(1, 3_000);
        BlobWriter older = store.begin(OWNER);
        older.append(0, content.buffer(0, 1_000));
        try (BlobWriter newer = store.resume(older.id(), OWNER)) {
            assertThat(newer.offset()).isEqualTo(1_000);
            assertUnknown(() -> older.append(1_000, content.buffer(1_000, 2_000)));
            assertUnknown(() -> older.commit(content.digest()));
            assertUnknown(older::cancel);
            older.close();
            newer.append(1_000, content.buffer(1_000, 3_000));
            assertReads(newer.commit(content.digest()), content);
        }
    }

    @Test
    void a_session_exists_for_its_owner_only() {
        try (BlobWriter writer = store.begin(OWNER)) {
            assertUnknown(() -> store.status(writer.id(), "bob"));
            assertUnknown(() -> store.resume(writer.id(), "bob"));
            writer.append(0, ByteBuffer.allocate(3));
            assertThat(store.status(writer.id(), OWNER).offset()).isEqualTo(3);
        }
    }

    @Test
    void a_session_that_never_was_is_unknown() {
        assertUnknown(() -> store.status(UploadId.random(), OWNER));
        assertUnknown(() -> store.resume(UploadId.random(), OWNER));
    }

    // Reading along

    @Test
    void whoever_reads_along_gets_every_byte_that_was_taken_and_none_that_was_not() throws Exception {
        Content content = seed.content(1, 2_000_000);
        try (BlobWriter writer = store.begin(OWNER)) {
            Threads.together(3, thread -> {
                Random random = new Random(seed.value() + thread);
                if (thread == 0) {
                    while (writer.offset() < content.size()) {
                        long at = writer.offset();
                        long to = Math.min(content.size(), at + random.nextInt(30_000));
                        writer.append(at, content.buffer(at, to));
                    }
                    return thread;
                }
                try (HeldBytes held = writer.held().orElseThrow()) {
                    long at = 0;
                    while (at < content.size()) {
                        ByteBuffer into = ByteBuffer.allocate(1 + random.nextInt(100_000));
                        int read = held.read(at, into);
                        assertThat(into.position()).isEqualTo(read);
                        assertThat(at + read).isLessThanOrEqualTo(writer.offset());
                        assertThat(Bytes.of(into.flip())).isEqualTo(content.bytes(at, at + read));
                        at += read;
                    }
                }
                return thread;
            });
            assertReads(writer.commit(content.digest()), content);
        }
    }

    @Test
    void only_what_is_held_is_read_and_from_any_place() {
        Content content = seed.content(1, 50_000);
        try (BlobWriter writer = store.begin(OWNER);
                HeldBytes held = writer.held().orElseThrow()) {
            assertThat(held.read(0, ByteBuffer.allocate(10))).isZero();
            writer.append(0, content.buffer(0, 40_000));
            ByteBuffer into = ByteBuffer.allocate(60_000).position(5);
            assertThat(held.read(39_990, into)).isEqualTo(10);
            assertThat(into.position()).isEqualTo(15);
            assertThat(Bytes.of(into.flip().position(5))).isEqualTo(content.bytes(39_990, 40_000));
            for (long beyond : new long[] {40_000, 40_001, Long.MAX_VALUE}) {
                assertThat(held.read(beyond, ByteBuffer.allocate(10))).isZero();
            }
            assertThat(held.read(0, ByteBuffer.allocate(0))).isZero();
            writer.append(40_000, content.buffer(40_000, 50_000));
            assertHolds(held, content);
        }
    }

    @Test
    void what_was_opened_stays_readable_whatever_becomes_of_the_upload() {
        Content content = seed.content(1, 1_500_000);
        BlobWriter older = store.begin(OWNER);
        older.append(0, content.buffer(0, 700_000));
        try (HeldBytes first = older.held().orElseThrow();
                BlobWriter newer = store.resume(older.id(), OWNER);
                HeldBytes second = newer.held().orElseThrow()) {
            newer.append(700_000, content.buffer(700_000, 1_500_000));
            assertHolds(first, content);
            older.close();
            StoredBlob stored = newer.commit(content.digest());
            assertHolds(first, content);
            assertHolds(second, content);
            try (HeldBytes late = newer.held().orElse(second)) {
                assertHolds(late, content);
            }
            store.delete(stored.key());
            assertHolds(first, content);
        }
        BlobWriter cancelled = store.begin(OWNER);
        cancelled.append(0, content.buffer());
        try (HeldBytes held = cancelled.held().orElseThrow()) {
            cancelled.cancel();
            assertHolds(held, content);
        }
        cancelled.held().ifPresent(HeldBytes::close);
    }

    @Test
    void whoever_wants_to_read_along_during_a_commit_gets_the_bytes_or_nothing() throws Exception {
        Content content = seed.content(1, 10_000);
        for (int round = 0; round < 50; round++) {
            BlobWriter writer = store.begin(OWNER);
            writer.append(0, content.buffer());
            Threads.together(2, thread -> {
                if (thread == 0) {
                    store.settle(writer.commit(content.digest()).key());
                } else {
                    for (int i = 0; i < 5; i++) {
                        writer.held().ifPresent(held -> {
                            assertHolds(held, content);
                            held.close();
                        });
                    }
                }
                return thread;
            });
        }
    }

    private static void assertHolds(HeldBytes held, Content content) {
        ByteBuffer all = ByteBuffer.allocate(content.size() + 1);
        int read = 0;
        do {
            read = held.read(all.position(), all);
        } while (read > 0);
        assertThat(Bytes.of(all.flip())).isEqualTo(content.bytes());
        held.file().ifPresent(file -> assertThat(file.isOpen()).isTrue());
    }

    @Test
    void a_size_that_cannot_fit_is_refused_before_a_byte_is_sent() {
        push(seed.content(1, 10));
        assertThatThrownBy(() -> store.begin(OWNER, new UploadHints(OptionalLong.of(Long.MAX_VALUE), Optional.empty())))
                .isInstanceOf(RegistryException.InsufficientStorage.class);
        Content content = seed.content(2, 1_000);
        try (BlobWriter writer = store.begin(OWNER, new UploadHints(OptionalLong.of(10), Optional.empty()))) {
            // Nothing depends on a hint's being true.
            writer.append(0, content.buffer());
            assertReads(writer.commit(content.digest()), content);
        }
    }

    @Test
    void a_commit_ends_the_session() {
        Content content = seed.content(1, 10);
        BlobWriter writer = store.begin(OWNER);
        writer.append(0, content.buffer());
        StoredBlob stored = writer.commit(content.digest());
        assertGone(writer);
        assertReads(stored, content);
    }

    @Test
    void a_commit_with_another_digest_discards_the_bytes_and_the_session() {
        Content content = seed.content(1, 10_000);
        Content other = seed.content(2, 10_000);
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            BlobWriter writer = store.begin(OWNER);
            writer.append(0, content.buffer());
            assertThatThrownBy(() -> writer.commit(other.digest(algorithm)))
                    .isInstanceOfSatisfying(
                            RegistryException.Invalid.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_INVALID));
            assertGone(writer);
        }
        assertThat(unsettled()).isEmpty();
    }

    @Test
    void a_cancel_ends_the_session() {
        BlobWriter writer = store.begin(OWNER);
        writer.append(0, ByteBuffer.allocate(10));
        writer.cancel();
        assertGone(writer);
        assertThat(unsettled()).isEmpty();
    }

    private void assertGone(BlobWriter writer) {
        UploadId id = writer.id();
        writer.close();
        assertUnknown(() -> store.status(id, OWNER));
        assertUnknown(() -> store.resume(id, OWNER));
        assertUnknown(() -> writer.append(0, ByteBuffer.allocate(1)));
    }

    @Test
    void the_same_bytes_pushed_twice_are_two_objects() {
        Content content = seed.content(1, 70_000);
        StoredBlob one = push(content);
        StoredBlob other = push(content);
        assertThat(one.key()).isNotEqualTo(other.key());
        store.delete(one.key());
        assertUnreadable(one);
        assertReads(other, content);
    }

    @Test
    void a_deleted_object_is_gone_and_deleting_it_again_is_fine() {
        StoredBlob stored = push(seed.content(1, 100));
        store.delete(stored.key());
        assertUnreadable(stored);
        store.delete(stored.key());
        store.delete(new BlobKey(stored.digest(), UploadId.random()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 5_000_000})
    void an_object_deleted_meanwhile_can_be_read_to_its_end(int size) {
        Content content = seed.content(1, size);
        StoredBlob stored = push(content);
        try (Blob blob = store.open(stored, Reach.LOCAL)) {
            store.delete(stored.key());
            assertThat(Bytes.everyWay(blob))
                    .allSatisfy(bytes -> assertThat(bytes).isEqualTo(content.bytes()));
        }
    }

    @Test
    void an_object_that_is_not_of_the_size_in_its_row_is_a_fault() {
        StoredBlob stored = push(seed.content(1, 100));
        assertUnreadable(new StoredBlob(stored.key(), 99));
        assertUnreadable(new StoredBlob(stored.key(), 101));
        assertUnreadable(new StoredBlob(new BlobKey(stored.digest(), UploadId.random()), 100));
    }

    private void assertUnreadable(StoredBlob stored) {
        assertThatThrownBy(() -> store.open(stored, Reach.LOCAL)).isInstanceOf(RegistryException.Unavailable.class);
    }

    @Test
    void memory_answers_rightly_or_says_that_it_cannot() {
        Content content = seed.content(1, 1_000);
        StoredBlob stored = push(content);
        assertReads(stored, content);
        try (Blob blob = store.open(stored, Reach.MEMORY)) {
            assertThat(Bytes.of(blob)).isEqualTo(content.bytes());
        } catch (BeyondReach e) {
            // The other right answer.
        }
        store.delete(stored.key());
        assertThatThrownBy(() -> store.open(stored, Reach.MEMORY))
                .isInstanceOfAny(BeyondReach.class, RegistryException.Unavailable.class);
    }

    @Test
    void a_sweep_asks_for_old_objects_that_were_not_settled_and_deletes_those_that_nobody_knows() {
        StoredBlob known = push(seed.content(1, 100));
        StoredBlob unknown = push(seed.content(2, 100));
        StoredBlob settled = push(seed.content(3, 100));
        StoredBlob deleted = push(seed.content(4, 100));
        store.settle(settled.key());
        store.delete(deleted.key());
        List<BlobKey> asked = new ArrayList<>();
        store.sweep(later(), key -> {
            asked.add(key);
            return key.equals(known.key());
        });
        assertThat(asked).containsExactlyInAnyOrder(known.key(), unknown.key());
        assertReads(known, seed.content(1, 100));
        assertReads(settled, seed.content(3, 100));
        assertUnreadable(unknown);
        assertThat(unsettled()).isEmpty();
        assertReads(known, seed.content(1, 100));
    }

    @Test
    void a_sweep_leaves_young_objects_alone() {
        StoredBlob young = push(seed.content(1, 100));
        store.sweep(now().minus(HOUR), key -> {
            throw new AssertionError("asked for " + key);
        });
        assertReads(young, seed.content(1, 100));
        assertThat(unsettled()).containsExactly(young.key());
    }

    @Test
    void a_sweep_ends_idle_sessions_and_only_those() {
        UploadId left;
        try (BlobWriter writer = store.begin(OWNER)) {
            left = writer.id();
            writer.append(0, ByteBuffer.allocate(1_000));
        }
        store.sweep(now().minus(HOUR), key -> true);
        assertThat(store.status(left, OWNER).offset()).isEqualTo(1_000);
        store.sweep(later(), key -> true);
        assertUnknown(() -> store.status(left, OWNER));
        assertUnknown(() -> store.resume(left, OWNER));
    }

    @Test
    void settling_what_is_not_there_is_fine() {
        assertThatCode(() -> store.settle(new BlobKey(seed.content(1, 1).digest(), UploadId.random())))
                .doesNotThrowAnyException();
    }

    @Test
    void many_push_at_once_and_each_reads_what_was_pushed() throws Exception {
        Threads.together(8, thread -> {
            for (int i = 0; i < 10; i++) {
                // Half of them push the same.
                Content content = seed.content(i % 2 == 0 ? i : 1_000 * thread + i, 50_000);
                assertReads(push(content), content);
            }
            return thread;
        });
    }

    @Test
    void takers_over_wait_for_each_other_and_no_byte_is_lost_or_written_twice() throws Exception {
        Content content = seed.content(1, 1_000_000);
        UploadId id;
        try (BlobWriter writer = store.begin(OWNER)) {
            id = writer.id();
        }
        Threads.together(4, thread -> {
            Random random = new Random(seed.value() + thread);
            for (int i = 0; i < 50; i++) {
                try (BlobWriter writer = store.resume(id, OWNER)) {
                    for (int piece = 0; piece < 3; piece++) {
                        long at = writer.offset();
                        long to = Math.min(content.size(), at + random.nextInt(5_000));
                        writer.append(at, content.buffer(at, to));
                    }
                } catch (RegistryException.Unknown | RegistryException.OutOfOrder e) {
                    // Another one took over meanwhile.
                }
            }
            return thread;
        });
        try (BlobWriter writer = store.resume(id, OWNER)) {
            writer.append(writer.offset(), content.buffer(writer.offset(), content.size()));
            assertReads(writer.commit(content.digest()), content);
        }
    }

    @Test
    void of_many_who_commit_one_session_one_succeeds() throws Exception {
        Content content = seed.content(1, 100_000);
        UploadId id;
        try (BlobWriter writer = store.begin(OWNER)) {
            id = writer.id();
            writer.append(0, content.buffer());
        }
        List<StoredBlob> committed = Collections.synchronizedList(new ArrayList<>());
        Threads.together(6, thread -> {
            while (committed.isEmpty()) {
                try (BlobWriter writer = store.resume(id, OWNER)) {
                    committed.add(writer.commit(content.digest()));
                } catch (RegistryException.Unknown e) {
                    // Taken over, or somebody else was faster.
                    Thread.onSpinWait();
                }
            }
            return thread;
        });
        assertThat(committed).hasSize(1);
        assertReads(committed.get(0), content);
    }

    @Test
    void objects_and_the_list_of_unsettled_ones_outlive_the_process() throws Exception {
        Content content = seed.content(1, 100_000);
        StoredBlob settled = push(content);
        StoredBlob unsettled = push(content);
        StoredBlob deleted = push(content);
        store.settle(settled.key());
        store.delete(deleted.key());
        reopenOrSkip();
        assertReads(settled, content);
        assertReads(unsettled, content);
        assertUnreadable(deleted);
        assertThat(unsettled()).containsExactly(unsettled.key());
    }

    @Test
    void a_session_outlives_the_process_as_far_as_it_says() throws Exception {
        Content content = seed.content(1, 300_000);
        for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
            BlobWriter writer = store.begin(OWNER);
            writer.append(0, content.buffer(0, 200_000));
            reopenOrSkip();
            assertUnknown(() -> store.status(writer.id(), "bob"));
            long offset = store.status(writer.id(), OWNER).offset();
            assertThat(offset).isBetween(0L, 200_000L);
            try (BlobWriter resumed = store.resume(writer.id(), OWNER)) {
                assertThat(resumed.offset()).isEqualTo(offset);
                resumed.append(offset, content.buffer(offset, content.size()));
                assertReads(resumed.commit(content.digest(algorithm)), content);
            }
        }
    }

    @Test
    void ended_sessions_stay_ended_when_the_process_is_another() throws Exception {
        BlobWriter cancelled = store.begin(OWNER);
        cancelled.append(0, ByteBuffer.allocate(10));
        cancelled.cancel();
        BlobWriter committed = store.begin(OWNER);
        committed.commit(Content.of("").digest());
        reopenOrSkip();
        assertUnknown(() -> store.status(cancelled.id(), OWNER));
        assertUnknown(() -> store.status(committed.id(), OWNER));
    }

    private void reopenOrSkip() throws Exception {
        store.close();
        Optional<BlobStore> again = reopen();
        assumeTrue(again.isPresent(), "this store does not outlive its process");
        store = again.orElseThrow();
    }

    /** Pushes in one piece. */
    protected final StoredBlob push(Content content) {
        try (BlobWriter writer = store.begin(OWNER)) {
            writer.append(0, content.buffer());
            return writer.commit(content.digest());
        }
    }

    protected final void assertReads(StoredBlob stored, Content content) {
        try (Blob blob = store.open(stored, Reach.LOCAL)) {
            assertThat(Bytes.of(blob)).isEqualTo(content.bytes());
        }
    }

    /** What a sweep would ask for. Settles them. */
    private List<BlobKey> unsettled() {
        List<BlobKey> asked = new ArrayList<>();
        store.sweep(later(), asked::add);
        return asked;
    }

    private Instant later() {
        return now().plus(HOUR);
    }

    private static void assertUnknown(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RegistryException.Unknown.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.BLOB_UPLOAD_UNKNOWN));
    }
}
