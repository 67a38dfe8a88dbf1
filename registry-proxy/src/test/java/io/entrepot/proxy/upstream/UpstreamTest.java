package io.entrepot.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.RegistryException.Unavailable;
import io.entrepot.core.RegistryException.Unknown;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.testkit.Threads;
import io.entrepot.proxy.remote.RemoteWatch;
import io.entrepot.proxy.upstream.UpstreamState.Condition;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UpstreamTest {
    private static final RepositoryName NAME = new RepositoryName("team/app");
    private static final Tag TAG = new Tag("v1");
    private static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));
    private static final Descriptor FOUND = Descriptor.ofBlob(DIGEST, 3);

    private final SettableClock clock = new SettableClock();
    private final Ledger ledger = new Ledger(clock);

    private enum Answer {
        FOUND,
        UNKNOWN,
        DOWN,
        TOO_MANY,
        REFUSED,
        BUG
    }

    /** Answers everything as it is told. */
    private static class Fake implements Registry, Repository {
        volatile Answer answer;
        final AtomicInteger asked = new AtomicInteger();
        volatile Runnable meanwhile = () -> {};
        volatile boolean breaksOff;

        Fake(Answer answer) {
            this.answer = answer;
        }

        private void answer() {
            asked.incrementAndGet();
            meanwhile.run();
            switch (answer) {
                case FOUND -> {}
                case UNKNOWN -> throw RegistryException.unknownBlob(DIGEST);
                case DOWN -> throw new Unavailable(ErrorCode.UNAVAILABLE, "down", Optional.empty(), null);
                case TOO_MANY -> throw new Unavailable(ErrorCode.TOOMANYREQUESTS, "slow", Optional.empty(), null);
                case REFUSED -> throw new Unauthorized(Unauthorized.Reason.WRONG_CREDENTIALS, "wrong", "wrong");
                case BUG -> throw new IllegalStateException("a bug");
            }
        }

        @Override
        public Repository repository(RepositoryName name, Call call) {
            return this;
        }

        @Override
        public Page<RepositoryName> repositories(PageRequest page, Call call) {
            answer();
            return new Page<>(List.of(NAME), false);
        }

        @Override
        public RepositoryName name() {
            return NAME;
        }

        @Override
        public Descriptor resolve(Reference reference) {
            answer();
            return FOUND;
        }

        @Override
        public Manifest manifest(Reference reference) {
            answer();
            return Manifest.of(new MediaType("application/json"), Digest.Algorithm.SHA256, new byte[] {'{', '}'});
        }

        @Override
        public Descriptor stat(Digest blob) {
            answer();
            return FOUND;
        }

        @Override
        public Blob open(Digest blob) {
            answer();
            return new Three(breaksOff);
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            answer();
            return new Page<>(List.of(TAG), false);
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            answer();
            return Page.empty();
        }
    }

    private record Three(boolean breaksOff) implements Blob {
        @Override
        public Digest digest() {
            return DIGEST;
        }

        @Override
        public long size() {
            return 3;
        }

        @Override
        public InputStream stream(ByteRange range) {
            return new InputStream() {
                private int at;

                @Override
                public int read() throws IOException {
                    if (breaksOff) {
                        throw new IOException("reset by https://cdn.example/?secret");
                    }
                    return at++ < range.length() ? 7 : -1;
                }
            };
        }

        @Override
        public void close() {}
    }

    private Upstream upstream(UpstreamOptions options, Fake canonical) {
        return new Upstream(
                "hub",
                List.of(new UpstreamSource("one.example", canonical, true, ledger)),
                options,
                clock,
                new Random(1));
    }

    private Upstream mirrored(Fake mirror, boolean resolves, Fake canonical) {
        return new Upstream(
                "hub",
                List.of(
                        new UpstreamSource("mirror.example", mirror, resolves, new Ledger(clock)),
                        new UpstreamSource("one.example", canonical, true, ledger)),
                UpstreamOptions.DEFAULT,
                clock,
                new Random(1));
    }

    private static Repository at(Upstream upstream) {
        return upstream.repository(NAME, Call.internal());
    }

    private static String outcome(Runnable call) {
        try {
            call.run();
            return "found";
        } catch (Unknown e) {
            return "unknown";
        } catch (Unavailable e) {
            return e.code() == ErrorCode.TOOMANYREQUESTS ? "too many" : "unavailable";
        } catch (IllegalStateException e) {
            return "bug";
        }
    }

    private static Condition condition(Upstream upstream) {
        return upstream.state().sources().get(0).condition();
    }

    @Test
    void five_failures_in_a_row_open_the_breaker_and_the_time_doubles_up_to_five_minutes() {
        Fake fake = new Fake(Answer.DOWN);
        Upstream upstream = upstream(UpstreamOptions.DEFAULT, fake);
        for (int i = 0; i < 5; i++) {
            assertThat(outcome(() -> at(upstream).resolve(TAG))).isEqualTo("unavailable");
        }
        double expected = 5;
        for (int round = 0; round < 10; round++) {
            int before = fake.asked.get();
            Unavailable left =
                    catchThrowableOfType(Unavailable.class, () -> at(upstream).resolve(TAG));
            assertThat(fake.asked).hasValue(before);
            double seconds = left.retryAfter().orElseThrow().toMillis() / 1000.0;
            assertThat(seconds).isBetween(expected * 0.75 - 0.01, expected);
            assertThat(left).hasMessageContaining("one.example").hasMessageContaining("hub");
            assertThat(condition(upstream)).isEqualTo(Condition.OPEN);
            clock.advance(left.retryAfter().orElseThrow());
            assertThat(condition(upstream)).isEqualTo(Condition.HALF_OPEN);
            outcome(() -> at(upstream).resolve(TAG)); // the probe
            assertThat(fake.asked).hasValue(before + 1);
            expected = Math.min(300, expected * 2);
        }
        clock.advance(Duration.ofMinutes(5));
        fake.answer = Answer.UNKNOWN;
        assertThat(outcome(() -> at(upstream).resolve(TAG))).isEqualTo("unknown");
        assertThat(condition(upstream)).isEqualTo(Condition.CLOSED);
    }

    @Test
    void exactly_one_of_32_callers_probes_a_half_open_source() throws Exception {
        Fake fake = new Fake(Answer.DOWN);
        Upstream upstream = upstream(UpstreamOptions.DEFAULT, fake);
        for (int i = 0; i < 5; i++) {
            outcome(() -> at(upstream).resolve(TAG));
        }
        clock.advance(Duration.ofSeconds(5));
        fake.answer = Answer.FOUND;
        fake.asked.set(0);
        CountDownLatch others = new CountDownLatch(31);
        fake.meanwhile = () -> {
            try {
                assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        List<String> outcomes = Threads.together(32, i -> {
            String outcome = outcome(() -> at(upstream).resolve(TAG));
            others.countDown();
            return outcome;
        });
        assertThat(fake.asked).hasValue(1);
        assertThat(outcomes).filteredOn("found"::equals).hasSize(1);
        assertThat(outcomes).filteredOn("unavailable"::equals).hasSize(31);
        assertThat(condition(upstream)).isEqualTo(Condition.CLOSED);
    }

    @Test
    void refused_credentials_are_not_hammered_until_reset() {
        Fake fake = new Fake(Answer.REFUSED);
        Upstream upstream = upstream(UpstreamOptions.DEFAULT, fake);
        assertThatThrownBy(() -> at(upstream).resolve(TAG))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("refused the configured credentials");
        clock.advance(Duration.ofSeconds(59));
        outcome(() -> at(upstream).stat(DIGEST));
        assertThat(fake.asked).hasValue(1);
        assertThat(condition(upstream)).isEqualTo(Condition.REFUSED);
        clock.advance(Duration.ofSeconds(1));
        outcome(() -> at(upstream).stat(DIGEST));
        clock.advance(Duration.ofSeconds(119));
        outcome(() -> at(upstream).stat(DIGEST));
        assertThat(fake.asked).hasValue(2);
        fake.answer = Answer.FOUND;
        upstream.reset();
        assertThat(outcome(() -> at(upstream).stat(DIGEST))).isEqualTo("found");
    }

    @Test
    void after_a_429_only_manifests_cool_down() {
        Fake fake = new Fake(Answer.TOO_MANY);
        Upstream upstream = upstream(UpstreamOptions.DEFAULT, fake);
        assertThat(outcome(() -> at(upstream).manifest(TAG))).isEqualTo("too many");
        fake.answer = Answer.FOUND;
        assertThat(outcome(() -> at(upstream).resolve(TAG))).isEqualTo("found");
        assertThat(outcome(() -> at(upstream).tags(PageRequest.first(9)))).isEqualTo("found");
        assertThat(outcome(() -> at(upstream).stat(DIGEST))).isEqualTo("found");
        clock.advance(Duration.ofSeconds(20));
        Unavailable left =
                catchThrowableOfType(Unavailable.class, () -> at(upstream).manifest(DIGEST));
        assertThat(left.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
        assertThat(left.retryAfter()).contains(Duration.ofSeconds(40));
        assertThat(condition(upstream)).isEqualTo(Condition.COOLING);
        clock.advance(Duration.ofSeconds(40));
        assertThat(outcome(() -> at(upstream).manifest(TAG))).isEqualTo("found");
        assertThat(condition(upstream)).isEqualTo(Condition.CLOSED);
    }

    @Test
    void only_the_canonical_source_makes_a_thing_unknown() {
        for (Answer mirror : List.of(Answer.FOUND, Answer.UNKNOWN, Answer.DOWN, Answer.TOO_MANY)) {
            for (Answer canonical : List.of(Answer.FOUND, Answer.UNKNOWN, Answer.DOWN, Answer.TOO_MANY)) {
                String own =
                        List.of("found", "unknown", "unavailable", "too many").get(canonical.ordinal());
                String either = mirror == Answer.FOUND ? "found" : own;
                for (Reference reference : List.of(TAG, DIGEST)) {
                    for (boolean resolves : List.of(true, false)) {
                        Fake first = new Fake(mirror);
                        Upstream upstream = mirrored(first, resolves, new Fake(canonical));
                        boolean asked = resolves || reference == DIGEST;
                        assertThat(outcome(() -> at(upstream).manifest(reference)))
                                .as("%s, %s, %s, %s", mirror, canonical, reference, resolves)
                                .isEqualTo(asked ? either : own);
                        assertThat(first.asked).hasValue(asked ? 1 : 0);
                    }
                }
            }
        }
    }

    @Test
    void a_blob_that_broke_is_asked_for_elsewhere_first_for_half_a_minute() throws IOException {
        Fake mirror = new Fake(Answer.FOUND);
        mirror.breaksOff = true;
        Fake canonical = new Fake(Answer.FOUND);
        Upstream upstream = mirrored(mirror, false, canonical);
        try (Blob blob = at(upstream).open(DIGEST)) {
            InputStream in = blob.stream(new ByteRange(0, 3));
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
        try (Blob blob = at(upstream).open(DIGEST)) {
            assertThat(blob.stream(new ByteRange(1, 2)).readAllBytes()).hasSize(2);
        }
        assertThat(canonical.asked).hasValue(1);
        assertThat(upstream.state().toString()).doesNotContain("secret");
        clock.advance(Duration.ofSeconds(30));
        at(upstream).open(DIGEST).close();
        assertThat(mirror.asked).hasValue(2);
    }

    @Test
    void of_64_threads_never_more_are_inside_than_there_are_places_and_all_are_served() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Upstream upstream =
                upstream(UpstreamOptions.DEFAULT.lanes(4, 4, Duration.ofSeconds(30), 100), new Fake(Answer.FOUND));
        List<String> outcomes = Threads.together(64, i -> {
            for (int round = 0; round < 20; round++) {
                Blob blob = at(upstream).open(DIGEST);
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Thread.yield();
                inside.decrementAndGet();
                blob.close();
                blob.close(); // Gives nothing back a second time.
            }
            return "served";
        });
        assertThat(outcomes).hasSize(64);
        assertThat(most.get()).isBetween(1, 4);
        assertThat(upstream.state().transfers()).isZero();
    }

    @Test
    void a_place_is_given_back_after_every_kind_of_failure() {
        for (Answer answer : Answer.values()) {
            Fake fake = new Fake(answer);
            Upstream upstream = upstream(UpstreamOptions.DEFAULT.lanes(1, 1, Duration.ZERO, 0), fake);
            for (int i = 0; i < 8; i++) {
                outcome(() -> at(upstream).open(DIGEST).close());
                outcome(() -> at(upstream).manifest(TAG));
            }
            upstream.reset();
            fake.answer = Answer.FOUND;
            assertThat(outcome(() -> at(upstream).open(DIGEST).close()))
                    .as("after %s", answer)
                    .isEqualTo("found");
            assertThat(outcome(() -> at(upstream).manifest(TAG)))
                    .as("after %s", answer)
                    .isEqualTo("found");
        }
    }

    @Test
    void whoever_finds_no_place_to_wait_is_sent_away_and_metadata_does_not_wait_for_blobs() {
        Upstream upstream = upstream(UpstreamOptions.DEFAULT.lanes(1, 1, Duration.ZERO, 0), new Fake(Answer.FOUND));
        try (Blob held = at(upstream).open(DIGEST)) {
            assertThat(held.size()).isEqualTo(3);
            Unavailable e =
                    catchThrowableOfType(Unavailable.class, () -> at(upstream).open(DIGEST));
            assertThat(e.retryAfter()).isPresent();
            assertThat(outcome(() -> at(upstream).manifest(TAG))).isEqualTo("found");
        }
        assertThat(outcome(() -> at(upstream).open(DIGEST).close())).isEqualTo("found");
    }

    @Test
    void a_blocked_upstream_is_not_asked() {
        Fake fake = new Fake(Answer.FOUND);
        Upstream upstream = upstream(UpstreamOptions.DEFAULT, fake);
        upstream.block(true);
        assertThatThrownBy(() -> at(upstream).resolve(TAG)).hasMessageContaining("blocked by an administrator");
        assertThat(outcome(() -> at(upstream).open(DIGEST))).isEqualTo("unavailable");
        assertThat(fake.asked).hasValue(0);
        upstream.block(false);
        assertThat(outcome(() -> at(upstream).resolve(TAG))).isEqualTo("found");
    }

    @Test
    void what_an_upstream_said_of_the_pulls_that_are_left_holds_until_the_window_is_over() {
        ledger.answered("GET", "manifest", 200, budget(9));
        assertThat(ledger.figures().pullsLeft()).contains("9 of 100 pulls left");
        clock.advance(Duration.ofHours(6));
        assertThat(ledger.figures().pullsLeft()).isEmpty();
    }

    @Test
    void in_any_history_a_source_is_asked_at_most_as_often_as_its_breaker_lets_it() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Fake fake = new Fake(Answer.FOUND);
            Upstream upstream = upstream(UpstreamOptions.DEFAULT, fake);
            List<Answer> row = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                clock.advance(Duration.ofMillis(random.nextInt(2000)));
                fake.answer = random.nextInt(4) == 0 ? Answer.FOUND : Answer.DOWN;
                Condition before = condition(upstream);
                int asked = fake.asked.get();
                outcome(() -> at(upstream).stat(DIGEST));
                boolean was = fake.asked.get() > asked;
                assertThat(was).as("seed %d step %d", seed, step).isEqualTo(before != Condition.OPEN);
                if (was) {
                    row.add(fake.answer);
                    boolean opens = before == Condition.HALF_OPEN
                            ? fake.answer == Answer.DOWN
                            : row.size() >= 5
                                    && !row.subList(row.size() - 5, row.size()).contains(Answer.FOUND);
                    assertThat(condition(upstream))
                            .as("seed %d step %d", seed, step)
                            .isEqualTo(opens ? Condition.OPEN : Condition.CLOSED);
                }
            }
        }
    }

    private static RemoteWatch.Budget budget(long remaining) {
        return new RemoteWatch.Budget(
                OptionalLong.of(100), OptionalLong.of(remaining), Optional.of(Duration.ofHours(6)), Optional.empty());
    }
}
