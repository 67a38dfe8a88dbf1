package io.entrepot.proxy.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.Threads;
import io.entrepot.proxy.download.ScriptedOrigin.Trick;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DownloadsTest {
    private static final long HELD_BACK = Download.HELD_BACK;

    @RegisterExtension
    final Seed seed = new Seed();

    private final Content content = seed.content(1, 3 << 20);
    private final ScriptedOrigin origin = new ScriptedOrigin(content);
    private Downloads downloads = downloads();

    private static Downloads downloads() {
        return new Downloads(new DownloadOptions(16, 5, Duration.ofMillis(1)));
    }

    @AfterEach
    void close() {
        downloads.close();
    }

    private Blob open() {
        return downloads.open(content.digest(), content.size(), origin);
    }

    private static void awaitMore(Blob blob) {
        CountDownLatch more = new CountDownLatch(1);
        blob.onMore(more::countDown);
        try {
            assertThat(more.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitAvailable(Blob blob, long bytes) {
        while (blob.available() < bytes && blob.failure().isEmpty()) {
            awaitMore(blob);
        }
    }

    private static RegistryException awaitFailure(Blob blob) {
        while (blob.failure().isEmpty()) {
            blob.available();
            awaitMore(blob);
        }
        return blob.failure().get();
    }

    private static byte[] all(Blob blob) {
        try (blob) {
            return Bytes.of(blob);
        }
    }

    @Test
    void opening_waits_for_nobody_and_bytes_are_there_as_they_come() {
        try (Blob blob = open()) {
            assertThat(blob.size()).isEqualTo(content.size());
            assertThat(blob.available()).isZero();
            origin.sent.release(1_000);
            awaitAvailable(blob, 1_000);
            assertThat(blob.available()).isEqualTo(1_000);
            assertThat(Bytes.of(blob, 0, 1_000)).isEqualTo(content.bytes(0, 1_000));
            origin.freely();
            assertThat(Bytes.of(blob)).isEqualTo(content.bytes());
        }
    }

    @Test
    void the_last_bytes_are_given_out_when_the_digest_has_proved_right() {
        try (Blob blob = open()) {
            origin.sent.release(content.size() - 1);
            awaitAvailable(blob, content.size() - HELD_BACK);
            assertThat(blob.available()).isEqualTo(content.size() - HELD_BACK);
            origin.sent.release(1);
            awaitAvailable(blob, content.size());
            assertThat(blob.available()).isEqualTo(content.size());
        }
    }

    @Test
    void a_hundred_readers_share_one_transfer_and_none_of_them_holds_a_thread() throws Exception {
        List<Blob> readers = Threads.together(100, thread -> open());
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().matches("entrepot-download-\\d+"))
                .hasSize(1);
        AtomicInteger told = new AtomicInteger();
        readers.forEach(blob -> blob.onMore(told::incrementAndGet));
        origin.sent.release(100_000);
        readers.forEach(blob -> awaitAvailable(blob, 100_000));
        assertThat(told).hasValue(100);
        origin.freely();
        for (Blob blob : readers) {
            assertThat(all(blob)).isEqualTo(content.bytes());
        }
        assertThat(origin.streams).containsExactly(0L);
        assertThat(origin.opened).isEqualTo(1);
    }

    @Test
    void ranges_are_read_as_soon_as_they_have_come_and_latecomers_begin_at_the_beginning() throws Exception {
        try (Blob early = open()) {
            origin.sent.release(2 << 20);
            awaitAvailable(early, 2 << 20);
            try (Blob late = open();
                    InputStream range = late.stream(new ByteRange(1 << 20, 1_000))) {
                assertThat(range.readAllBytes()).isEqualTo(content.bytes(1 << 20, (1 << 20) + 1_000));
                assertThat(Bytes.of(late, 0, 10)).isEqualTo(content.bytes(0, 10));
            }
            origin.freely();
            assertThat(Bytes.of(early)).isEqualTo(content.bytes());
        }
    }

    @Test
    void a_flipped_byte_never_makes_a_complete_blob_and_nothing_is_kept() {
        for (long at : new long[] {0, 1 << 20, content.size() - HELD_BACK, content.size() - 1}) {
            origin.tricks.add(new Trick(Trick.Kind.FLIP, at));
            try (Blob blob = open()) {
                origin.freely();
                RegistryException failure = awaitFailure(blob);
                assertThat(failure).isInstanceOf(RegistryException.Unavailable.class);
                assertThat(failure).hasMessageContaining("not those of " + content.digest());
                assertThat(blob.available()).isLessThanOrEqualTo(content.size() - HELD_BACK);
                assertThatThrownBy(() -> Bytes.of(blob)).isInstanceOf(UncheckedIOException.class);
            }
            assertThatThrownBy(origin::kept).isInstanceOf(RegistryException.Unknown.class);
        }
        // And then it is fetched again from the start.
        assertThat(all(open())).isEqualTo(content.bytes());
    }

    @Test
    void a_small_blob_is_there_whole_or_not_at_all() {
        Content small = Content.of("{}");
        ScriptedOrigin from = new ScriptedOrigin(small).freely();
        from.tricks.add(new Trick(Trick.Kind.FLIP, 1));
        try (Blob blob = downloads.open(small.digest(), small.size(), from)) {
            awaitFailure(blob);
            assertThat(blob.available()).isZero();
        }
        assertThat(all(downloads.open(small.digest(), small.size(), from))).isEqualTo(small.bytes());
    }

    @Test
    void what_breaks_off_goes_on_where_it_was() {
        origin.freely();
        origin.tricks.add(new Trick(Trick.Kind.FAIL, 1_000_000));
        origin.tricks.add(new Trick(Trick.Kind.END, 2_000_000));
        assertThat(all(open())).isEqualTo(content.bytes());
        assertThat(origin.streams).containsExactly(0L, 1_000_000L, 2_000_000L);
    }

    @Test
    void another_place_is_asked_if_the_same_fails_twice_in_a_row() {
        origin.freely();
        for (int i = 0; i < 3; i++) {
            origin.tricks.add(new Trick(Trick.Kind.FAIL, 500_000));
        }
        assertThat(all(open())).isEqualTo(content.bytes());
        assertThat(origin.opened).isGreaterThan(1);
    }

    @Test
    void after_five_tries_without_progress_it_is_given_up_and_a_later_attempt_goes_on() {
        origin.freely();
        for (int i = 0; i < 5; i++) {
            origin.tricks.add(new Trick(Trick.Kind.FAIL, 500_000));
        }
        try (Blob blob = open()) {
            assertThat(awaitFailure(blob)).isInstanceOf(RegistryException.Unavailable.class);
            assertThat(blob.available()).isEqualTo(500_000);
        }
        origin.streams.clear();
        assertThat(all(open())).isEqualTo(content.bytes());
        assertThat(origin.streams).containsExactly(500_000L);
    }

    @Test
    void what_the_upstream_does_not_have_is_unknown_to_all_who_wait() {
        origin.refusal = Optional.of(RegistryException.unknownBlob(content.digest()));
        try (Blob blob = open()) {
            assertThat(awaitFailure(blob)).isInstanceOf(RegistryException.Unknown.class);
        }
        assertThat(origin.absences).hasSize(1);
    }

    @Test
    void however_soon_it_fails_whoever_began_it_is_told_and_the_upstream_asked_once() {
        origin.refusal = Optional.of(RegistryException.unknownBlob(content.digest()));
        for (int i = 1; i <= 500; i++) {
            try (Blob blob = open()) {
                assertThat(awaitFailure(blob)).isInstanceOf(RegistryException.Unknown.class);
            }
            assertThat(origin.absences).hasSize(i);
        }
    }

    @Test
    void a_limit_is_told_at_once_to_those_who_have_nothing_yet() {
        origin.refusal = Optional.of(new RegistryException.Unavailable(
                ErrorCode.TOOMANYREQUESTS, "rate limit", Optional.of(Duration.ofMinutes(5)), null));
        try (Blob blob = open()) {
            assertThat(awaitFailure(blob).code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
        }
        assertThat(origin.opened).isEqualTo(1);
    }

    @Test
    void another_size_than_the_manifest_says_is_refused_before_the_first_byte() {
        origin.freely();
        origin.size = content.size() + 1;
        try (Blob blob = open()) {
            assertThat(awaitFailure(blob)).isInstanceOf(RegistryException.Unavailable.class);
            assertThat(blob.available()).isZero();
        }
    }

    @Test
    void it_is_fetched_to_its_end_though_all_who_wanted_it_are_gone() throws Exception {
        open().close();
        origin.freely();
        while (downloads.fetches(content.digest())) {
            Thread.sleep(5);
        }
        assertThat(all(origin.kept())).isEqualTo(content.bytes());
    }

    @Test
    void where_it_need_not_be_finished_it_is_parked_while_most_is_still_to_come_and_goes_on_from_there()
            throws Exception {
        Content large = new Content(new byte[(66 << 20) + 1]);
        ScriptedOrigin from = new ScriptedOrigin(large);
        from.finish = false;
        Blob blob = downloads.open(large.digest(), large.size(), from);
        from.sent.release(1 << 20);
        awaitAvailable(blob, (1 << 20) - HELD_BACK);
        blob.close();
        while (downloads.fetches(large.digest())) {
            Thread.sleep(5);
        }
        assertThat(from.results).containsExactly(Origin.Result.BROKEN_OFF);

        Blob again = downloads.open(large.digest(), large.size(), from);
        from.sent.release(3 << 20);
        awaitAvailable(again, (4 << 20) - HELD_BACK);
        again.close(); // little enough is left
        from.freely();
        while (downloads.fetches(large.digest())) {
            Thread.sleep(5);
        }
        assertThat(from.results).containsExactly(Origin.Result.BROKEN_OFF, Origin.Result.KEPT);
        assertThat(from.streams.get(1)).isGreaterThanOrEqualTo(1 << 20);
    }

    @Test
    void closing_keeps_what_has_come_for_the_next_process() throws Exception {
        Blob blob = open();
        origin.sent.release(1 << 20);
        awaitAvailable(blob, 1 << 20);
        downloads.close();
        assertThat(blob.failure()).isPresent();
        blob.close();
        assertThat(origin.results).containsExactly(Origin.Result.BROKEN_OFF);
        downloads = downloads();
        origin.freely();
        assertThat(all(open())).isEqualTo(content.bytes());
        assertThat(origin.streams.get(1)).isGreaterThanOrEqualTo(1 << 20);
    }

    @Test
    void where_there_is_no_room_it_is_passed_on_and_proved_all_the_same() throws Exception {
        ScriptedOrigin full =
                new ScriptedOrigin(content, new MemoryBlobStore(InstantSource.system(), 1 << 20, 10)).freely();
        List<byte[]> pulled =
                Threads.together(3, thread -> all(downloads.open(content.digest(), content.size(), full)));
        assertThat(pulled).allSatisfy(bytes -> assertThat(bytes).isEqualTo(content.bytes()));
        full.tricks.add(new Trick(Trick.Kind.FLIP, 5));
        try (Blob blob = downloads.open(content.digest(), content.size(), full)) {
            assertThatThrownBy(() -> Bytes.of(blob)).isInstanceOf(UncheckedIOException.class);
        }
        assertThatThrownBy(full::kept).isInstanceOf(RegistryException.Unknown.class);
    }

    @Test
    void a_part_is_passed_on_too() throws Exception {
        ScriptedOrigin full =
                new ScriptedOrigin(content, new MemoryBlobStore(InstantSource.system(), 1 << 20, 10)).freely();
        try (Blob blob = downloads.open(content.digest(), content.size(), full)) {
            long from = content.size() - 200_000;
            awaitAvailable(blob, from + 1);
            assertThat(Bytes.of(blob, from, content.size())).isEqualTo(content.bytes(from, content.size()));
        }
    }

    @Test
    void whoever_comes_and_goes_at_any_moment_gets_the_right_bytes() throws Exception {
        Random random = seed.random();
        for (int round = 0; round < 20; round++) {
            Content some = seed.content(round + 2, 1 + random.nextInt(400_000));
            ScriptedOrigin from = new ScriptedOrigin(some);
            Thread sender = new Thread(() -> {
                for (int i = 0; i < 50; i++) {
                    from.sent.release(10_000);
                    Thread.onSpinWait();
                }
                from.freely();
            });
            sender.start();
            List<byte[]> all = Threads.together(8, thread -> all(downloads.open(some.digest(), some.size(), from)));
            sender.join();
            assertThat(all).allSatisfy(bytes -> assertThat(bytes).isEqualTo(some.bytes()));
        }
    }
}
