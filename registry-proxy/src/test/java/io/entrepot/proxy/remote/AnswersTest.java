package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are slow, broken, too long or not there, and how often somebody is asked for one. */
class AnswersTest extends OverHttp {
    private static final RemoteOptions QUICK =
            RemoteOptions.DEFAULT.withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(10));

    private final CountDownLatch never = new CountDownLatch(1);

    private static IOException broken(HttpTransport transport, String path) {
        try (Reply reply = transport.send(to("GET", path))) {
            InputStream body = reply.body();
            body.readAllBytes();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("all of it came");
    }

    // Bodies

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_body_that_breaks_off_says_so(boolean reset) {
        on(blob, reset ? Fault.resetAt(150_000) : Fault.cutAt(150_000));
        assertThat(broken(transport(ALICE), blob))
                .isNotInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("broke off after");
    }

    @Test
    void a_body_in_chunks_that_breaks_off_says_so() {
        on(blob, Fault.chunked().and(Fault.cutAt(150_000)));
        assertThat(broken(transport(ALICE), blob)).hasMessageContaining("broke off after");
    }

    @Test
    void a_body_that_stalls_is_given_up() {
        on(blob, Fault.stallAt(1_000, never));
        assertThat(broken(transport(QUICK), blob))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("broke off after 1000 bytes");
    }

    @Test
    void a_body_that_trickles_is_given_up_by_the_minimum_rate() {
        on(blob, Fault.bytesPerSecond(2_000));
        RemoteOptions demanding = RemoteOptions.DEFAULT.withMinimumRate(100_000, Duration.ofMillis(300));
        assertThat(broken(transport(demanding), blob))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("comes too slowly");
    }

    @Test
    void a_slow_reader_is_not_a_slow_registry() throws Exception {
        RemoteOptions demanding = RemoteOptions.DEFAULT.withMinimumRate(1_000, Duration.ofMillis(100));
        try (Reply reply = transport(demanding).send(to("GET", blob))) {
            InputStream body = reply.body();
            assertThat(body.readNBytes(1_000)).hasSize(1_000);
            Thread.sleep(300);
            assertThat(body.readAllBytes()).hasSize(199_000);
        }
    }

    @Test
    void a_manifest_that_stalls_ends_with_its_deadline_and_is_not_asked_for_again() {
        on(manifest, Fault.stallAt(10, never));
        RemoteOptions brief = RemoteOptions.DEFAULT.withTimeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMillis(400));
        try (RemoteRegistry remote = new RemoteRegistry(upstream.root(), brief)) {
            assertThatThrownBy(() -> remote.repository(new RepositoryName("library/nginx"), Call.internal())
                            .manifest(new Tag("1")))
                    .isInstanceOf(RegistryException.Unavailable.class);
        }
        assertThat(upstream.count("GET", manifest)).isEqualTo(1);
    }

    @Test
    void an_answer_that_never_begins_ends_with_the_deadline() {
        on(blob, Fault.holdUntil(never));
        RemoteOptions brief = RemoteOptions.DEFAULT.withTimeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(1));
        assertThat(unavailable(transport(brief), blob))
                .hasMessage("127.0.0.1 did not answer in 1 seconds")
                .hasNoCause();
    }

    @Test
    void a_blob_may_take_longer_than_the_deadline() throws Exception {
        on(blob, Fault.bytesPerSecond(150_000));
        RemoteOptions brief = RemoteOptions.DEFAULT.withTimeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMillis(700));
        try (Reply reply = transport(brief).send(to("GET", blob))) {
            assertThat(reply.body().readAllBytes()).hasSize(200_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_too_long_is_not_read_whether_or_not_it_says_so(boolean says) {
        on(manifest, says ? Fault.huge(100_001) : Fault.endless());
        try (Reply reply = transport(ALICE).send(to("GET", manifest))) {
            assertThatThrownBy(() -> reply.bytes(100_000))
                    .isInstanceOf(RegistryException.Unavailable.class)
                    .hasMessageContaining("longer than 100000 bytes")
                    .hasNoCause();
        }
    }

    @Test
    void what_is_encoded_is_refused_if_its_bytes_count() {
        on(manifest, Fault.gzip());
        assertThat(unavailable(transport(ALICE), manifest))
                .hasMessageContaining("encoded")
                .hasNoCause();
        upstream.forgetRules();
        on(manifest, Fault.html(404).and(Fault.gzip()));
        assertThat(status(transport(ALICE), manifest)).isEqualTo(404);
        assertThat(upstream.requests())
                .allSatisfy(request ->
                        assertThat(request.headers("Accept-Encoding")).containsExactly("identity"));
    }

    @Test
    void line_feeds_alone_end_lines_too() {
        on(manifest, Fault.abuseLimit(3).and(Fault.bareLineFeeds()));
        assertThat(status(transport(ALICE), manifest)).isEqualTo(429);
    }

    // How often

    @ParameterizedTest
    @CsvSource({"408,", "408, 0", "503, 0", "503, 00", "503,", "502, 0", "429, 0", "421,"})
    void an_answer_is_an_answer_and_asked_for_once(int status, @Nullable String retryAfter) {
        on(
                manifest,
                retryAfter == null
                        ? Fault.status(status)
                        : Fault.status(status).and(Fault.header("Retry-After", retryAfter)));
        assertThat(status(transport(ALICE), manifest)).isEqualTo(status);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void what_a_busy_registry_says_of_when_to_come_back_is_kept() {
        on(manifest, Fault.status(503).and(Fault.header("Retry-After", "17")));
        try (Reply reply = transport(ALICE).send(to("GET", manifest))) {
            assertThat(reply.header("Retry-After")).isEqualTo("17");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_connection_that_breaks_before_the_answer_is_for_others_to_repeat(boolean reset) {
        on(manifest, reset ? Fault.reset() : Fault.hangUp());
        assertThat(unavailable(transport(ALICE), manifest))
                .hasMessage("127.0.0.1 cannot be reached: the connection failed or broke")
                .hasCauseInstanceOf(IOException.class);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void one_that_died_while_it_lay_idle_is_replaced_for_those_who_read() {
        HttpTransport transport = transport(ALICE);
        assertThat(status(transport, manifest)).isEqualTo(200);
        upstream.on(Match.path("/v2/"), 1, Fault.hangUp());
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "PUT", "DELETE"})
    void but_what_changes_something_is_sent_once(String method) {
        HttpTransport transport = transport(ALICE);
        assertThat(status(transport, manifest)).isEqualTo(200);
        on("/uploads/", Fault.hangUp());
        failure(() ->
                transport.send(to(method, "/v2/library/nginx/blobs/uploads/1")).close());
        assertThat(upstream.count(method, "/uploads/")).isEqualTo(1);
    }

    @Test
    void reading_and_writing_share_their_connections() {
        HttpTransport transport = transport(ALICE);
        assertThat(status(transport, manifest)).isEqualTo(200);
        transport.send(to("POST", "/v2/library/nginx/blobs/uploads/")).close();
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(upstream.connectionsOpened()).isEqualTo(1);
    }

    @Test
    void the_end_of_an_upload_may_take_longer_than_anything_else() {
        on("/uploads/", Fault.delay(Duration.ofMillis(900)));
        HttpTransport transport = transport(QUICK);
        try (Reply reply = transport.send(to("PUT", "/v2/library/nginx/blobs/uploads/1?digest=sha256:0"))) {
            assertThat(reply.status()).isGreaterThanOrEqualTo(400);
        }
        assertThat(failure(() -> transport
                        .send(to("POST", "/v2/library/nginx/blobs/uploads/"))
                        .close()))
                .hasMessageContaining("did not answer in time")
                .hasNoCause();
    }

    // The end

    @Test
    void closing_ends_what_is_open() throws Exception {
        on(blob, Fault.stallAt(1_000, never));
        HttpTransport transport = transport(ALICE);
        try (Reply reply = transport.send(to("GET", blob))) {
            assertThat(reply.body().readNBytes(1_000)).hasSize(1_000);
            transport.close();
            assertThatThrownBy(() -> reply.body().read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void after_that_nothing_is_asked() {
        HttpTransport transport = transport(ALICE);
        transport.close();
        for (String path : List.of(manifest, blob)) {
            assertThat(unavailable(transport, path)).hasMessageContaining("not asked any more");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void a_refusal_that_trickles_is_not_read_for_ever() {
        upstream.requireBasic("alice", SECRET);
        upstream.on(
                Match.path(blob).with("Authorization"),
                Fault.text(403, "text/plain", "x".repeat(4_000)).and(Fault.bytesPerSecond(200)));
        HttpTransport transport = transport(options(ALICE).withMinimumRate(10_000, Duration.ofSeconds(1)));
        long begin = System.nanoTime();
        assertThat(status(transport, blob)).isEqualTo(403);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(12));
    }

    @Test
    void nothing_is_asked_with_what_cannot_be_sent() {
        assertThat(failure(() -> status(transport(new Credential.Bearer(SECRET + "\n")), manifest)))
                .isInstanceOf(RegistryException.class);
        assertThat(upstream.requests()).isEmpty();
    }
}
