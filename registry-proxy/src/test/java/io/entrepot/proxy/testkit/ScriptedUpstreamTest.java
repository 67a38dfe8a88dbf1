package io.entrepot.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the script is played as it is written, judged by a client that is not ours. */
@Timeout(60)
class ScriptedUpstreamTest {
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Content config = Content.of("{\"os\":\"linux\"}");
    private final Content layer = Content.of("0123456789".repeat(10_000));
    private final Sample image = upstream.image("library/nginx", "1", config, layer);
    private final String blob = "/v2/library/nginx/blobs/" + layer.digest();

    @AfterEach
    void close() {
        upstream.close();
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(upstream.url(path)))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    @Test
    void without_rules_it_is_a_registry() throws Exception {
        assertThat(get("/v2/").statusCode()).isEqualTo(200);
        assertThat(get("/v2/library/nginx/manifests/1").body())
                .isEqualTo(get("/v2/library/nginx/manifests/" + image.digest()).body());
        assertThat(get(blob).body()).isEqualTo(layer.bytes());
        HttpResponse<byte[]> part = get(blob, "Range", "bytes=10-19");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(layer.bytes(10, 20));
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 10-19/100000");
        assertThat(send("HEAD", blob).headers().firstValueAsLong("Content-Length"))
                .hasValue(100_000);
        assertThat(get("/v2/library/nginx/blobs/" + image.digest()).statusCode())
                .isEqualTo(404);
        assertThat(upstream.count("GET", "/blobs/")).isEqualTo(3);
        assertThat(upstream.bodyBytes(layer.digest())).isEqualTo(100_010);
    }

    @Test
    void lists_come_in_pages() throws Exception {
        upstream.content().tags("library/nginx", "t", 3);
        HttpResponse<byte[]> page = get("/v2/library/nginx/tags/list?n=2");
        assertThat(new String(page.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"library/nginx\",\"tags\":[\"1\",\"t0\"]}");
        assertThat(page.headers().firstValue("Link"))
                .contains("</v2/library/nginx/tags/list?n=2&last=t0>; rel=\"next\"");
        upstream.content().repositories("r", 5_000);
        assertThat(get("/v2/_catalog").body()).hasSizeGreaterThan(25_000);
    }

    @Test
    void rules_are_played_as_often_as_they_say_the_first_one_first() throws Exception {
        upstream.on(Match.get("/blobs/"), 2, Fault.html(503));
        upstream.on(Match.get("/blobs/"), 1, Fault.abuseLimit(7).and(Fault.bareLineFeeds()));
        assertThat(get(blob).statusCode()).isEqualTo(503);
        assertThat(get("/v2/").statusCode()).isEqualTo(200);
        assertThat(get(blob).statusCode()).isEqualTo(503);
        assertThat(get(blob).headers().firstValue("Retry-After")).contains("7");
        assertThat(get(blob).statusCode()).isEqualTo(200);
    }

    @Test
    void bodies_break_off_and_are_not_what_they_should_be() throws Exception {
        upstream.on(Match.get(blob), 1, Fault.cutAt(10));
        assertThatThrownBy(() -> get(blob)).isInstanceOf(IOException.class);
        upstream.on(Match.get(blob), 1, Fault.resetAt(70_000));
        assertThatThrownBy(() -> get(blob)).isInstanceOf(IOException.class);
        // This client asks again by itself.
        upstream.on(Match.get("?hang-up"), Fault.hangUp());
        assertThatThrownBy(() -> get(blob + "?hang-up")).isInstanceOf(IOException.class);
        upstream.on(Match.get(blob), 1, Fault.flipAt(5));
        assertThat(get(blob).body()[5]).isEqualTo((byte) ('5' ^ 1));
        upstream.on(Match.get(blob), 1, Fault.declaredLength(10));
        assertThat(get(blob).body()).hasSize(10);
        upstream.on(Match.get(blob), 1, Fault.declaredLength(100_001));
        assertThatThrownBy(() -> get(blob)).isInstanceOf(IOException.class);
        upstream.on(Match.get(blob), 1, Fault.chunked());
        assertThat(get(blob).body()).isEqualTo(layer.bytes());
        upstream.on(Match.get(blob), 1, Fault.untilClose());
        assertThat(get(blob).body()).isEqualTo(layer.bytes());
    }

    @Test
    void a_stalled_body_goes_on_when_it_is_released() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        upstream.on(Match.get(blob), 1, Fault.stallAt(10_000, release));
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                HttpRequest.newBuilder(URI.create(upstream.url(blob))).build(), BodyHandlers.ofByteArray());
        upstream.await(1, "GET", blob);
        assertThat(answer).isNotDone();
        release.countDown();
        assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo(layer.bytes());
    }

    @Test
    void a_stalled_server_can_be_stopped_and_started_on_the_same_port() throws Exception {
        upstream.on(Match.get(blob), 1, Fault.stallAt(10, new CountDownLatch(1)));
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                HttpRequest.newBuilder(URI.create(upstream.url(blob))).build(), BodyHandlers.ofByteArray());
        upstream.await(1, "GET", blob);
        upstream.stop();
        assertThat(answer).failsWithin(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> get(blob)).isInstanceOf(ConnectException.class);
        upstream.start();
        assertThat(get(blob).body()).isEqualTo(layer.bytes());
    }

    @Test
    void redirects_lead_to_another_server_with_the_same_content() throws Exception {
        try (ScriptedUpstream cdn = new ScriptedUpstream(upstream.content())) {
            upstream.on(Match.get("/blobs/"), Fault.redirectTo(cdn));
            String location = get(blob).headers().firstValue("Location").orElseThrow();
            assertThat(location).isEqualTo(cdn.url(blob) + "?signature=secret");
            assertThat(http.send(HttpRequest.newBuilder(URI.create(location)).build(), BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(layer.bytes());
        }
    }

    @Test
    void a_token_lets_in_where_it_is_good_for() throws Exception {
        try (ScriptedTokenServer tokens =
                new ScriptedTokenServer().onlyFor("alice", "secret").deny("library/nginx")) {
            upstream.requireBearer(tokens);
            upstream.content().blob("library/other", layer);
            String other = "/v2/library/other/blobs/" + layer.digest();
            assertThat(get(other).headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer realm=\"" + tokens.realm()
                            + "\",service=\"scripted\",scope=\"repository:library/other:pull\"");
            String ask = tokens.realm()
                    + "?service=scripted&scope=repository:library/other:pull"
                    + "&scope=repository:library/nginx:pull";
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ask));
            assertThat(http.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
            String answer = http.send(
                            request.header("Authorization", Gate.basicCredentials("alice", "secret"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            assertThat(answer).contains("token-1");
            assertThat(get(other, "Authorization", "Bearer token-1").statusCode())
                    .isEqualTo(200);
            assertThat(get(blob, "Authorization", "Bearer token-1").statusCode())
                    .isEqualTo(401);
            tokens.revokeAll();
            assertThat(get(other, "Authorization", "Bearer token-1").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void the_token_endpoint_may_be_on_the_same_port() throws Exception {
        try (ScriptedTokenServer tokens = new ScriptedTokenServer()) {
            upstream.requireBearerOfOurOwn(tokens).challengeOnPingOnly();
            assertThat(get("/v2/").headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer realm=\"" + upstream.url("/token") + "\",service=\"scripted\"");
            assertThat(get(blob).headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(get("/token?scope=repository:library/nginx:pull").statusCode())
                    .isEqualTo(200);
            assertThat(get(blob, "Authorization", "Bearer token-1").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_limited_connection_takes_its_time() throws Exception {
        upstream.limit(200_000);
        long begin = System.nanoTime();
        assertThat(Arrays.equals(get(blob).body(), layer.bytes())).isTrue();
        assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(300));
    }
}
