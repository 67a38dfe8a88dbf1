package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What those are told who count: every answer of the registry itself, and every body. */
class WatchTest extends OverHttp {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<RemoteWatch.Budget> budgets = new CopyOnWriteArrayList<>();
    private final RemoteOptions watched = options(ALICE).withWatch(new RemoteWatch() {
        @Override
        public void answered(String method, String kind, int status, Budget budget) {
            told.add(method + " " + kind + " " + status);
            budgets.add(budget);
        }

        @Override
        public void failed(String method, String kind, Exception why) {
            assertThat(why.toString()).doesNotContain(SECRET);
            told.add(method + " " + kind + " failed");
        }

        @Override
        public void received(String kind, long bytes, OptionalInt status) {
            told.add(kind + " " + bytes + " bytes " + (status.isPresent() ? status.getAsInt() : "none"));
        }
    });

    @Test
    void a_login_is_two_answers_and_one_body() {
        tokens.onlyFor("alice", SECRET);
        upstream.requireBearer(tokens);
        try (Reply reply = transport(watched).send(to("GET", manifest))) {
            assertThat(reply.bytes(1 << 20)).isNotEmpty();
        }
        assertThat(told)
                .filteredOn(what -> !what.startsWith("token"))
                .containsExactly(
                        "GET manifest 401",
                        "GET manifest 200",
                        "manifest " + image.manifest().size() + " bytes 200");
    }

    @Test
    void where_it_leads_is_not_the_registry_but_its_bytes_are_counted() throws Exception {
        try (ScriptedUpstream cdn = new ScriptedUpstream(upstream.content())) {
            on(blob, Fault.redirectTo(cdn));
            try (Reply reply = transport(watched).send(to("GET", blob))) {
                reply.body().readAllBytes();
            }
            assertThat(told).containsExactly("GET blob 307", "blob 200000 bytes 200");
        }
    }

    @Test
    void a_body_that_is_not_wanted_any_more_counts_as_far_as_it_came() throws Exception {
        try (Reply reply = transport(watched).send(to("GET", blob))) {
            assertThat(reply.body().readNBytes(1_000)).hasSize(1_000);
        }
        assertThat(told).containsExactly("GET blob 200", "blob 1000 bytes 200");
    }

    @Test
    void no_answer_is_told_too() {
        on(manifest, Fault.hangUp());
        unavailable(transport(watched), manifest);
        assertThat(told).containsExactly("GET manifest failed", "manifest 0 bytes none");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v2/library/nginx/manifests/1, manifest",
        "HEAD, /v2/library/nginx/manifests/1, manifest",
        "GET, /v2/library/nginx/tags/list, list",
        "GET, /v2/_catalog, list",
        "POST, /v2/library/nginx/blobs/uploads/, upload",
        "GET, /v2/, other"
    })
    void each_is_of_a_kind(String method, String path, String kind) {
        transport(watched).send(to(method, path)).close();
        assertThat(told.get(0)).startsWith(method + " " + kind + " ");
    }

    @Test
    void what_is_said_of_a_budget_is_told() {
        on(
                manifest,
                Fault.header("ratelimit-limit", "100;w=21600").and(Fault.header("ratelimit-remaining", "76;w=21600")));
        transport(watched).send(to("HEAD", manifest)).close();
        assertThat(budgets)
                .containsExactly(new RemoteWatch.Budget(
                        OptionalLong.of(100), OptionalLong.of(76), Optional.of(Duration.ofHours(6)), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"7|7", "100000|600", "Sun, 01 Mar 2026 08:00:30 GMT|30", "Sun, 01 Mar 2026 07:00:00 GMT|0"})
    void when_to_come_back_is_told_within_reason(String said, long seconds) {
        upstream.on(Match.path(manifest), Fault.pullLimit().and(Fault.header("Retry-After", said)));
        assertThat(status(transport(watched), manifest)).isEqualTo(429);
        assertThat(budgets.get(0).retryAfter()).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void what_nobody_understands_is_nothing() {
        on(
                manifest,
                Fault.header("ratelimit-limit", "many")
                        .and(Fault.header("ratelimit-remaining", "-1"))
                        .and(Fault.header("Retry-After", "tomorrow")));
        transport(watched).send(to("GET", manifest)).close();
        assertThat(budgets)
                .containsExactly(new RemoteWatch.Budget(
                        OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty()));
    }
}
