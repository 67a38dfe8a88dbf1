package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Call;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.SearchHit;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.wire.Challenge;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for all requests: what statuses mean, when they are repeated, how far a call may go. */
class RemoteRegistryTest extends AgainstUpstream {

    private void assertTooMany(Optional<Duration> retryAfter) {
        assertThatThrownBy(() -> nginx.manifest(ONE)).isInstanceOfSatisfying(RegistryException.Unavailable.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
            assertThat(e.retryAfter()).isEqualTo(retryAfter);
        });
    }

    // Statuses

    @Test
    void too_many_requests_are_not_made_more() {
        get(MANIFESTS, Fault.pullLimit());
        assertTooMany(Optional.empty());
        assertThat(upstream.requests()).hasSize(1);
        assertThat(waits).isEmpty();
    }

    @Test
    void a_limit_may_be_said_in_plain_text_and_with_bare_line_feeds() {
        get(MANIFESTS, Fault.abuseLimit(60).and(Fault.bareLineFeeds()));
        assertTooMany(Optional.of(Duration.ofSeconds(60)));
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void a_limit_may_end_at_a_time_of_day() {
        String inTwoMinutes = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                clock.instant().plusSeconds(120).atOffset(ZoneOffset.UTC));
        upstream.on(Match.any(), 1, Fault.pullLimit().and(Fault.header("Retry-After", inTwoMinutes)));
        assertTooMany(Optional.of(Duration.ofMinutes(2)));
        clock.advance(Duration.ofMinutes(3));
        upstream.on(Match.any(), 1, Fault.pullLimit().and(Fault.header("Retry-After", inTwoMinutes)));
        assertTooMany(Optional.of(Duration.ZERO));
        upstream.on(Match.any(), 1, Fault.pullLimit().and(Fault.header("Retry-After", "soon")));
        assertTooMany(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 451})
    void what_is_refused_after_the_login_is_denied(int status) {
        get("", Fault.html(status));
        head("", Fault.status(status));
        assertDenied(() -> nginx.manifest(ONE));
        assertDenied(() -> nginx.resolve(ONE));
        assertDenied(() -> nginx.open(layer.digest()));
        assertDenied(() -> nginx.tags(PageRequest.first(1)));
        assertDenied(() -> nginx.referrers(image.digest(), Set.of(), PageRequest.first(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504})
    void a_server_in_trouble_is_unavailable_after_three_tries(int status) {
        get("", Fault.html(status));
        head("", Fault.html(status));
        for (ThrowingCallable asking : List.<ThrowingCallable>of(
                () -> nginx.manifest(ONE),
                () -> nginx.resolve(ONE),
                () -> nginx.open(layer.digest()),
                () -> nginx.stat(layer.digest()),
                () -> nginx.tags(PageRequest.first(1)))) {
            upstream.forgetRequests();
            assertUnavailable(asking, "status " + status);
            assertThat(upstream.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {501, 505, 599})
    void other_faults_of_servers_are_unavailable_at_once(int status) {
        get("", Fault.html(status));
        assertUnavailable(() -> nginx.manifest(ONE), "status " + status);
        assertThat(upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 206, 300, 304})
    void a_status_that_does_not_fit_makes_no_sense(int status) {
        get(MANIFESTS, Fault.status(status));
        assertUnavailable(() -> nginx.manifest(ONE), "cannot be understood: it answered with status " + status);
    }

    @Test
    void an_error_whose_body_never_ends_means_what_its_status_says() {
        get(MANIFESTS, Fault.status(404).and(Fault.endless()));
        assertUnknown(() -> nginx.manifest(ONE), ErrorCode.MANIFEST_UNKNOWN);
        upstream.forgetRules();
        get(MANIFESTS, Fault.error(429, "TOOMANYREQUESTS", "slow down").and(Fault.cutAt(5)));
        assertTooMany(Optional.empty());
    }

    // Repeating

    @Test
    void what_may_pass_is_tried_again_after_a_little_while() {
        upstream.on(Match.get(MANIFESTS), 1, Fault.html(503));
        upstream.on(Match.get(MANIFESTS), 1, Fault.hangUp());
        assertThat(nginx.manifest(ONE).digest()).isEqualTo(image.digest());
        assertThat(waits).hasSize(2);
        assertThat(waits.get(0)).isBetween(Duration.ofMillis(150), Duration.ofMillis(250));
        assertThat(waits.get(1)).isBetween(Duration.ofMillis(300), Duration.ofMillis(500));
    }

    @Test
    void a_registry_that_asks_for_a_short_wait_gets_it() {
        upstream.on(Match.get(MANIFESTS), 1, Fault.html(503).and(Fault.header("Retry-After", "2")));
        assertThat(nginx.manifest(ONE).digest()).isEqualTo(image.digest());
        assertThat(waits).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void a_registry_that_asks_for_a_long_wait_is_left_alone() {
        get(MANIFESTS, Fault.html(503).and(Fault.header("Retry-After", "3")));
        assertThatThrownBy(() -> nginx.manifest(ONE))
                .isInstanceOfSatisfying(
                        RegistryException.Unavailable.class,
                        e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(3)));
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void a_registry_that_is_down_is_unavailable_and_comes_back_by_itself() {
        upstream.stop();
        assertUnavailable(() -> nginx.manifest(ONE), "cannot be reached");
        assertThat(waits).hasSize(2);
        upstream.start();
        assertThat(nginx.manifest(ONE).digest()).isEqualTo(image.digest());
    }

    @Test
    void whoever_is_interrupted_does_not_wait() {
        Patience.Sleeper interrupted = time -> {
            throw new InterruptedException();
        };
        get("", Fault.status(503));
        try (RemoteRegistry hasty = new RemoteRegistry(
                new PlainTransport(upstream.root()),
                Optional.empty(),
                new Patience(clock, interrupted, new Random(1)))) {
            Repository repository = hasty.repository(NGINX, call);
            assertUnavailable(() -> repository.manifest(ONE), "503");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    // Reach, warnings

    @Test
    void nothing_is_asked_for_a_call_that_may_not_go_so_far() {
        for (Reach reach : List.of(Reach.MEMORY, Reach.LOCAL)) {
            Repository near = remote.repository(NGINX, call.within(reach));
            PageRequest page = PageRequest.first(1);
            for (ThrowingCallable asking : List.<ThrowingCallable>of(
                    () -> near.manifest(ONE),
                    () -> near.resolve(ONE),
                    () -> near.open(layer.digest()),
                    () -> near.stat(layer.digest()),
                    () -> near.claim(layer.digest()),
                    () -> near.tags(page),
                    () -> near.referrers(image.digest(), Set.of(), page),
                    () -> near.upload(UploadHints.NONE),
                    () -> near.status(UploadId.random()),
                    () -> near.resume(UploadId.random()),
                    () -> near.mount(layer.digest(), near),
                    () -> Client.put(near, image, ONE),
                    () -> near.delete(ONE),
                    () -> near.deleteBlob(layer.digest()),
                    () -> remote.repositories(page, call.within(reach)))) {
                assertThatThrownBy(asking).isInstanceOf(BeyondReach.class);
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void warnings_of_the_registry_are_noted_in_the_call() {
        Call asking = Call.internal();
        get(
                MANIFESTS,
                Fault.moreHeader("Warning", "299 - \"say \\\"goodbye\\\" to it, soon\", 299 - \"really\"")
                        .and(Fault.moreHeader("Warning", "110 cache \"stale\""))
                        .and(Fault.moreHeader("Warning", "299 - \"and \u0007 beep\" \"2026\""))
                        .and(Fault.moreHeader("Warning", "nonsense")));
        remote.repository(NGINX, asking).manifest(ONE);
        assertThat(asking.source().warnings()).containsExactly("say \"goodbye\" to it, soon", "really", "and  beep");
    }

    // Searching, greeting

    @Test
    void a_search_finds_what_the_registry_finds() {
        upstream.image("team/nginx-exporter", "1", config);
        assertThat(remote.search("nginx", 25, Call.internal()))
                .containsExactly(
                        new SearchHit("library/nginx", "about library/nginx", 7, true, false),
                        new SearchHit("team/nginx-exporter", "about team/nginx-exporter", 7, false, false));
        assertThat(remote.search("nginx", 1, Call.internal())).hasSize(1);
        assertThat(remote.search("a b&n=7+", 1_000, Call.internal())).isEmpty();
        assertThat(upstream.requests("GET", "/v1/search").get(2).query()).isEqualTo("q=a%20b%26n%3D7%2B&n=100");
    }

    @Test
    void an_index_is_searched_if_there_is_one() {
        try (ScriptedUpstream index = new ScriptedUpstream();
                RemoteRegistry indexed = Remotes.noting(
                        upstream.root(), Optional.of(URI.create(index.url("/"))), clock, new ArrayList<>())) {
            index.image("library/redis", "1", config);
            assertThat(indexed.search("redis", 10, Call.internal())).hasSize(1);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void hits_that_cannot_be_pulled_are_left_out_and_missing_parts_are_empty() {
        get(
                "/v1/search",
                Fault.body("{\"results\":[7,{\"name\":\"Not A Name\"},{},{\"name\":\"a\",\"star_count\":\"x\","
                        + "\"is_official\":\"yes\",\"description\":null}]}"));
        assertThat(remote.search("a", 10, Call.internal())).containsExactly(new SearchHit("a", "", 0, false, false));
    }

    @Test
    void a_registry_that_cannot_be_searched_does_not_support_it() {
        get("/v1/search", Fault.html(404));
        assertThatThrownBy(() -> remote.search("a", 1, Call.internal()))
                .isInstanceOf(RegistryException.Unsupported.class);
        upstream.forgetRules();
        get("/v1/search", Fault.html(200));
        assertUnavailable(() -> remote.search("a", 1, Call.internal()), "no list");
    }

    @Test
    void a_registry_greets_as_one() {
        assertThat(remote.ping()).isEqualTo(new Greeting(true, Greeting.Login.ADMITTED, List.of()));
        upstream.requireBasic("alice", "secret");
        assertThat(remote.ping())
                .isEqualTo(new Greeting(true, Greeting.Login.WANTED, List.of(new Challenge.Basic("scripted"))));
    }

    @Test
    void a_web_site_does_not() {
        for (int status : new int[] {200, 404, 403}) {
            upstream.forgetRules();
            get("/v2/", Fault.html(status));
            assertThat(remote.ping().registry()).isFalse();
        }
        upstream.forgetRules();
        get("/v2/", Fault.html(502));
        assertUnavailable(remote::ping, "502");
        upstream.forgetRules();
        get("/v2/", Fault.pullLimit());
        assertThatThrownBy(remote::ping).hasMessageContaining("pull rate limit");
    }
}
