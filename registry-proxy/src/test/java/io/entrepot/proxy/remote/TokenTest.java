package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized.Reason;
import io.entrepot.proxy.testkit.Answer;
import io.entrepot.proxy.testkit.Exchange;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How tokens are asked for, kept and given up. */
class TokenTest extends OverHttp {
    @BeforeEach
    void requireTokens() {
        tokens.onlyFor("alice", SECRET);
        upstream.requireBearer(tokens);
    }

    private HttpTransport alice() {
        return transport(ALICE);
    }

    private List<Exchange> asked() {
        return tokens.requests();
    }

    private static String query(Exchange request) {
        return URLDecoder.decode(request.query(), StandardCharsets.UTF_8);
    }

    /** The answers of the token endpoint from now on. */
    private void tokenAnswer(String json) {
        tokens.forgetRules();
        tokens.on(Match.any(), (request, answer) -> answer.json(json.replace("TOKEN", token(answer))));
    }

    private static String token(Answer answer) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        return body.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
    }

    @Test
    void fifty_who_need_a_token_at_once_get_one_and_the_same() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        tokens.on(Match.any(), 1, Fault.holdUntil(all));
        HttpTransport transport = alice();
        ExecutorService threads = Executors.newFixedThreadPool(50);
        try {
            List<Future<Integer>> answers = IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(() -> status(transport, manifest)))
                    .toList();
            upstream.await(50, "GET", manifest);
            tokens.await(1, "GET", "/token");
            all.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(asked()).hasSize(1);
    }

    @Test
    void a_token_is_renewed_when_a_fifth_of_its_life_is_left() {
        tokens.lifetime(Duration.ofSeconds(300));
        HttpTransport transport = alice();
        assertThat(status(transport, manifest)).isEqualTo(200);
        clock.advance(Duration.ofSeconds(239));
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(asked()).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(asked()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Nothing is said, or too little to be meant: a minute.
                "{\"token\":\"TOKEN\"}|48",
                "{\"access_token\":\"TOKEN\"}|48",
                "{\"token\":\"TOKEN\",\"expires_in\":5}|48",
                "{\"token\":\"TOKEN\",\"expires_in\":\"soon\",\"issued_at\":\"whenever\"}|48",
                "{\"token\":\"TOKEN\",\"expires_in\":-1}|48",
                "{\"token\":\"TOKEN\",\"expires_in\":100}|80",
                "{\"token\":\"TOKEN\",\"expires_in\":100,\"issued_at\":\"2026-03-01 08:00\"}|80",
                // From a cache that holds it for half a minute already.
                "{\"token\":\"TOKEN\",\"expires_in\":100,\"issued_at\":\"2026-03-01T07:59:30Z\"}|50",
                "{\"token\":\"TOKEN\",\"expires_in\":100,\"issued_at\":\"2026-03-01T09:59:30+02:00\"}|50",
                // Clocks that are wrong.
                "{\"token\":\"TOKEN\",\"expires_in\":100,\"issued_at\":\"2026-03-01T06:00:00Z\"}|80",
                "{\"token\":\"TOKEN\",\"expires_in\":100,\"issued_at\":\"2026-03-01T10:00:00Z\"}|80"
            })
    void a_tokens_life_is_what_is_said_of_it_within_reason(String json, int goodForSeconds) {
        tokens.lifetime(Duration.ofHours(1));
        tokenAnswer(json);
        HttpTransport transport = alice();
        assertThat(status(transport, manifest)).isEqualTo(200);
        clock.advance(Duration.ofSeconds(goodForSeconds - 1));
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(asked()).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(asked()).hasSize(2);
    }

    @Test
    void a_token_that_was_revoked_is_replaced_by_the_request_that_notices() {
        HttpTransport transport = alice();
        assertThat(status(transport, manifest)).isEqualTo(200);
        tokens.revokeAll();
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(asked()).hasSize(2);
    }

    @Test
    void what_a_fresh_token_is_not_good_for_is_not_asked_for_again() {
        tokens.deny("library/nginx");
        HttpTransport transport = alice();
        assertThat(status(transport, manifest)).isEqualTo(401);
        assertThat(asked()).hasSize(1);
        assertThat(upstream.requests()).hasSize(2);
        // The token that is in the cache may have been the reason, once.
        assertThat(status(transport, manifest)).isEqualTo(401);
        assertThat(asked()).hasSize(2);
        assertThat(upstream.requests()).hasSize(4);
    }

    @Test
    void the_registrys_own_words_are_asked_for_first_and_as_they_are() {
        upstream.challengeWith(right ->
                List.of("Bearer realm=\"" + tokens.realm() + "?account=x\",scope=\"aws repository(plugin):a:b\""));
        assertThat(status(alice(), manifest)).isEqualTo(200);
        assertThat(query(asked().get(0)))
                .isEqualTo("account=x&scope=aws&scope=repository(plugin):a:b&scope=repository:library/nginx:pull");
    }

    @Test
    void where_only_the_root_says_how_to_log_in_it_is_asked() {
        upstream.challengeOnPingOnly();
        HttpTransport transport = alice();
        assertThat(status(transport, manifest)).isEqualTo(200);
        assertThat(status(transport, blob)).isEqualTo(200);
        assertThat(upstream.count("GET", "/v2/library")).isEqualTo(3);
        assertThat(asked()).hasSize(1);
    }

    @Test
    void a_challenge_that_nobody_knows_is_said() {
        upstream.challengeWith(right -> List.of("Negotiate"));
        RegistryException.Unauthorized refusal = unauthorized(alice(), manifest);
        assertThat(refusal).hasMessageContaining("of a kind that is not known");
        assertThat(refusal.reason()).isEqualTo(Reason.NOBODY);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void a_token_endpoint_in_trouble_may_be_asked_again_by_whoever_decides_that(int status) {
        tokens.on(Match.any(), Fault.html(status));
        assertThat(unavailable(alice(), manifest))
                .hasMessageContaining("answered " + status)
                .hasCauseInstanceOf(IOException.class);
        assertThat(asked()).hasSize(1);
    }

    @Test
    void a_token_endpoint_that_has_had_enough_says_until_when() {
        tokens.on(Match.any(), Fault.abuseLimit(7));
        RegistryException.Unavailable busy = unavailable(alice(), manifest);
        assertThat(busy.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "<html>", "{\"token\":\"\"}", "{\"token\":7}", "{\"token\":\"a\\nX: b\"}"})
    void what_is_no_token_is_not_sent_on(String body) {
        tokens.on(Match.any(), (request, answer) -> answer.json(body));
        assertThat(unavailable(alice(), manifest)).hasMessageContaining("token").hasNoCause();
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void a_token_of_a_megabyte_is_none() {
        tokens.on(Match.any(), Fault.huge((1 << 20) + 1));
        assertThat(unavailable(alice(), manifest))
                .hasMessageContaining("longer than")
                .hasNoCause();
    }
}
