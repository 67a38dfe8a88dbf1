package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.proxy.testkit.Exchange;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far redirects are followed, and what goes along. */
class RedirectsTest extends OverHttp {
    private HttpTransport alice() {
        upstream.requireBasic("alice", SECRET);
        return transport(ALICE);
    }

    @Test
    void ten_are_followed_and_no_more() {
        on("/blobs/", Fault.redirectChain(10));
        assertThat(status(transport(ALICE), blob)).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(11);
        upstream.forgetRules();
        upstream.forgetRequests();
        on("/blobs/", Fault.redirectChain(11));
        assertThat(unavailable(transport(ALICE), blob))
                .hasMessage("127.0.0.1 redirects more than 10 times")
                .hasNoCause();
        assertThat(upstream.requests()).hasSize(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void a_loop_ends(String method) {
        on(manifest, Fault.redirectLoop());
        assertThat(failure(() -> transport(ALICE).send(to(method, manifest)).close()))
                .hasMessageContaining("redirects more than 10 times");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void within_its_origin_we_are_who_we_are(int status) {
        HttpTransport transport = alice();
        for (String path : List.of(manifest, blob)) {
            upstream.on(
                    Match.path(path)
                            .with("Authorization")
                            .and(request -> request.query().isEmpty()),
                    Fault.redirect(status, path + "?there"));
            upstream.forgetRequests();
            for (String method : List.of("GET", "HEAD")) {
                try (Reply reply = transport.send(to(method, path).with("X-Own", "x"))) {
                    assertThat(reply.status()).isEqualTo(200);
                    assertThat(reply.from().getQuery()).isEqualTo("there");
                }
            }
            assertThat(upstream.requests("HEAD", "there")).allSatisfy(RedirectsTest::hasAll);
            assertThat(upstream.requests("GET", "there")).isNotEmpty().allSatisfy(RedirectsTest::hasAll);
        }
    }

    private static void hasAll(Exchange request) {
        assertThat(request.header("Authorization")).isPresent();
        assertThat(request.header("X-Own")).contains("x");
    }

    @Test
    void another_port_gets_what_it_takes_to_read_and_nothing_else() {
        try (ScriptedUpstream cdn = new ScriptedUpstream(upstream.content())) {
            HttpTransport transport = alice();
            on(blob, Fault.redirectTo(cdn));
            Outgoing request = to("GET", blob)
                    .with("Range", "bytes=0-9")
                    .with("Accept", "*/*")
                    .with("X-Own", SECRET);
            try (Reply reply = transport.send(request)) {
                assertThat(reply.status()).isEqualTo(206);
                assertThat(reply.from().getPort()).isEqualTo(cdn.port());
            }
            assertThat(cdn.requests()).singleElement().satisfies(seen -> {
                assertThat(seen.header("Range")).contains("bytes=0-9");
                assertThat(seen.header("Accept")).contains("*/*");
                assertThat(seen.header("Accept-Encoding")).contains("identity");
                assertThat(seen.header("User-Agent").orElse("")).startsWith("entrepot/");
                assertThat(seen.header("Authorization")).isEmpty();
                assertThat(seen.header("X-Own")).isEmpty();
            });
        }
    }

    @Test
    void who_comes_back_from_elsewhere_is_nobody() {
        try (ScriptedUpstream cdn = new ScriptedUpstream(upstream.content())) {
            HttpTransport transport = alice();
            upstream.on(Match.path(blob).with("Authorization"), Fault.redirectTo(cdn));
            cdn.on(Match.any(), Fault.redirect(307, upstream.url(blob) + "?back"));
            try (Reply reply = transport.send(to("GET", blob))) {
                assertThat(reply.status()).isIn(200, 401);
            }
            assertThat(cdn.requests())
                    .noneMatch(seen -> seen.header("Authorization").isPresent());
        }
    }

    @Test
    void elsewhere_a_token_may_be_had_that_is_nobodys_and_is_used_once() {
        try (ScriptedUpstream mirror = new ScriptedUpstream(upstream.content())) {
            mirror.requireBearerOfOurOwn(tokens);
            HttpTransport transport = alice();
            on(manifest, Fault.redirectTo(mirror));
            assertThat(status(transport, manifest)).isEqualTo(200);
            assertThat(status(transport, manifest)).isEqualTo(200);
            assertThat(mirror.requests("GET", "/token"))
                    .hasSize(2)
                    .allSatisfy(seen -> assertThat(seen.header("Authorization")).isEmpty());
            assertThat(shown(mirror.requests("GET", "/manifests/")))
                    .containsExactly("nothing", "Bearer token-1", "nothing", "Bearer token-2");
        }
    }

    @Test
    void elsewhere_no_third_one_is_asked_for_a_token() {
        try (ScriptedUpstream mirror = new ScriptedUpstream(upstream.content())) {
            mirror.requireBearer(tokens);
            on(manifest, Fault.redirectTo(mirror));
            assertThat(status(alice(), manifest)).isEqualTo(401);
            assertThat(tokens.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://127.0.0.1/x", "http://", "file:///etc/passwd", "http://alice:" + SECRET + "@127.0.0.1/x"})
    void what_leads_nowhere_is_said_without_it(String location) {
        on(manifest, Fault.redirect(302, location));
        assertThat(unavailable(transport(ALICE), manifest))
                .hasMessage("127.0.0.1 redirects to what is no http or https URL")
                .hasNoCause();
    }

    @Test
    void a_redirect_without_a_place_is_an_answer() {
        on(manifest, Fault.status(302));
        assertThat(status(transport(ALICE), manifest)).isEqualTo(302);
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void what_is_sent_follows_within_its_origin(int status) {
        String uploads = "/v2/library/nginx/blobs/uploads/";
        upstream.on(
                Match.method("POST", uploads).and(request -> !request.query().contains("there")),
                Fault.redirect(status, uploads + "?there"));
        HttpTransport transport = transport(ALICE);
        ByteBuffer bytes = ByteBuffer.wrap("abc".getBytes(StandardCharsets.UTF_8));
        try (Reply reply = transport.send(to("POST", uploads).withBody(bytes))) {
            assertThat(reply.status()).isEqualTo(202);
        }
        assertThat(upstream.requests("POST", "there"))
                .singleElement()
                .satisfies(seen -> assertThat(seen.body()).asString().isEqualTo("abc"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303})
    void but_never_becomes_something_to_read(int status) {
        String uploads = "/v2/library/nginx/blobs/uploads/";
        upstream.on(Match.method("POST", uploads), Fault.redirect(status, uploads + "?there"));
        try (Reply reply = transport(ALICE).send(to("POST", uploads))) {
            assertThat(reply.status()).isEqualTo(status);
        }
        assertThat(upstream.requests()).hasSize(1);
    }
}
