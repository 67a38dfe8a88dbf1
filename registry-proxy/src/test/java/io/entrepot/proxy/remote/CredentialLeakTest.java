package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.Scope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What we show a registry is seen by it and by those who belong to it. Everybody else is a trap here, which writes down all
 * that it gets.
 */
class CredentialLeakTest {
    private static final String SECRET = "s3cret-canary";
    private static final List<Scope> SCOPES = List.of(Scope.repository("a", Scope.PULL));

    private final List<String> trapped = new CopyOnWriteArrayList<>();
    private HttpServer registry;
    private HttpServer trap;

    /** What the registry does with a request that is logged in. */
    private interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        registry = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        trap = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        trap.createContext("/", exchange -> {
            trapped.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().entrySet() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(exchange, 200, "{\"token\":\"of-the-trap\"}", Map.of());
        });
        registry.start();
        trap.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
        trap.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String body, Map<String, String> headers)
            throws IOException {
        headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private String url(HttpServer server, String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private HttpTransport transport(Credential credential) {
        return new HttpTransport(
                URI.create(url(registry, "")),
                RemoteOptions.DEFAULT.withCredentials(CredentialProvider.of(credential)));
    }

    private static Outgoing get(String method) {
        return Outgoing.of(method, "/v2/a/manifests/1", SCOPES).with("X-Own", SECRET);
    }

    private void basic(Behaviour then) {
        registry.createContext("/", exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                answer(exchange, 401, "", Map.of("WWW-Authenticate", "Basic realm=\"r\""));
            } else {
                then.answer(exchange);
            }
        });
    }

    private void assertNothingTrapped() {
        assertThat(trapped)
                .noneMatch(seen ->
                        seen.contains(SECRET) || seen.toLowerCase(Locale.ROOT).contains("authorization"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void a_redirect_to_another_origin_shows_it_nothing(int status) {
        basic(exchange -> answer(exchange, status, "", Map.of("Location", url(trap, "/stolen?sig=1"))));
        for (String method : List.of("GET", "HEAD")) {
            try (HttpTransport transport = transport(new Credential.Password("alice", SECRET));
                    Reply reply = transport.send(get(method))) {
                assertThat(reply.status()).isEqualTo(200);
            }
        }
        assertThat(trapped).hasSize(2);
        assertNothingTrapped();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "POST"})
    void what_is_sent_does_not_follow_a_redirect_elsewhere(String method) {
        basic(exchange -> answer(exchange, 307, "", Map.of("Location", url(trap, "/stolen"))));
        try (HttpTransport transport = transport(new Credential.Password("alice", SECRET))) {
            Outgoing upload = Outgoing.of(method, "/v2/a/blobs/uploads/1", SCOPES)
                    .withBody(ByteBuffer.wrap(SECRET.getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> transport.send(upload).close()).isInstanceOf(RegistryException.Unavailable.class);
        }
        assertThat(trapped).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void an_identity_token_is_posted_to_the_realm_and_not_to_whom_it_names(int status) {
        registry.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/token")) {
                boolean post = exchange.getRequestMethod().equals("POST");
                if (post) {
                    answer(exchange, status, "", Map.of("Location", url(trap, "/token")));
                } else {
                    answer(exchange, 200, "{\"token\":\"t\"}", Map.of());
                }
            } else if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                answer(exchange, 401, "", Map.of("WWW-Authenticate", "Bearer realm=\"/token\",service=\"r\""));
            } else {
                answer(exchange, 200, "{}", Map.of());
            }
        });
        try (HttpTransport transport = transport(new Credential.IdentityToken(SECRET));
                Reply reply = transport.send(get("GET"))) {
            assertThat(reply.status()).isEqualTo(200);
        }
        assertThat(trapped).isEmpty();
    }

    @Test
    void a_token_endpoint_that_leads_elsewhere_takes_no_credentials_along() {
        registry.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/token")) {
                answer(exchange, 302, "", Map.of("Location", url(trap, "/token")));
            } else if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                answer(exchange, 401, "", Map.of("WWW-Authenticate", "Bearer realm=\"/token\",service=\"r\""));
            } else {
                answer(exchange, 200, "{}", Map.of());
            }
        });
        try (HttpTransport transport = transport(new Credential.Password("alice", SECRET));
                Reply reply = transport.send(get("GET"))) {
            assertThat(reply.status()).isEqualTo(200);
        }
        assertThat(trapped).hasSize(1);
        assertNothingTrapped();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer realm=\"http://localhost:TRAP/token\",service=\"r\"",
                "Bearer realm=\"http://[::1]:TRAP/token\",service=\"r\"",
                "Bearer realm=\"http://127.0.0.2:TRAP/token\",service=\"r\"",
                "Bearer realm=\"http://2130706434:TRAP/token\",service=\"r\"",
                "Bearer realm=\"http://[::ffff:127.0.0.2]:TRAP/token\",service=\"r\""
            })
    void a_realm_on_a_private_address_that_nobody_allowed_is_not_even_asked(String challenge) {
        String port = Integer.toString(trap.getAddress().getPort());
        registry.createContext(
                "/",
                exchange -> answer(exchange, 401, "", Map.of("WWW-Authenticate", challenge.replace("TRAP", port))));
        for (Credential credential :
                List.of(new Credential.Password("alice", SECRET), new Credential.IdentityToken(SECRET))) {
            try (HttpTransport transport = transport(credential)) {
                assertThatThrownBy(() -> transport.send(get("GET")).close())
                        .isInstanceOf(RegistryException.class)
                        .hasMessageNotContaining(SECRET);
            }
        }
        assertNothingTrapped();
    }

    @Test
    void a_realm_elsewhere_that_may_be_reached_is_asked_without_credentials_unless_it_is_pinned() {
        registry.createContext("/", exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                answer(
                        exchange,
                        401,
                        "",
                        Map.of(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://localhost:"
                                        + trap.getAddress().getPort() + "/token\",service=\"r\""));
            } else {
                answer(exchange, 200, "{}", Map.of());
            }
        });
        RemoteOptions reaching = RemoteOptions.DEFAULT
                .withCredentials(CredentialProvider.of(new Credential.Password("alice", SECRET)))
                .withAllowedHosts(List.of("localhost", "127.0.0.0/8", "::1/128"));
        URI root = URI.create(url(registry, ""));
        try (HttpTransport transport = new HttpTransport(root, reaching);
                Reply reply = transport.send(get("GET"))) {
            assertThat(reply.status()).isEqualTo(200);
        }
        assertThat(trapped).hasSize(1);
        assertNothingTrapped();
        URI realm = URI.create("http://localhost:" + trap.getAddress().getPort());
        try (HttpTransport transport = new HttpTransport(root, reaching.withRealms(List.of(realm)));
                Reply reply = transport.send(get("GET"))) {
            assertThat(reply.status()).isEqualTo(200);
        }
        assertThat(trapped.get(1)).contains("Basic ");
    }

    @Test
    void a_refusal_for_one_repository_does_not_lock_out_the_others() {
        registry.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/token")) {
                boolean denied =
                        String.valueOf(exchange.getRequestURI().getQuery()).contains("repository:denied:");
                answer(exchange, denied ? 403 : 200, "{\"token\":\"t\"}", Map.of());
            } else if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                answer(exchange, 401, "", Map.of("WWW-Authenticate", "Bearer realm=\"/token\",service=\"r\""));
            } else {
                answer(exchange, 200, "{}", Map.of());
            }
        });
        try (HttpTransport transport = transport(new Credential.Password("alice", SECRET))) {
            Outgoing denied =
                    Outgoing.of("GET", "/v2/denied/manifests/1", List.of(Scope.repository("denied", Scope.PULL)));
            assertThatThrownBy(() -> transport.send(denied).close()).isInstanceOf(RegistryException.Unauthorized.class);
            try (Reply reply = transport.send(get("GET"))) {
                assertThat(reply.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void credentials_that_are_refused_are_not_shown_again_and_again() {
        List<String> tried = new CopyOnWriteArrayList<>();
        registry.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/token")) {
                tried.add("token");
                answer(exchange, 401, "", Map.of());
            } else {
                answer(exchange, 401, "", Map.of("WWW-Authenticate", "Bearer realm=\"/token\",service=\"r\""));
            }
        });
        try (HttpTransport transport = transport(new Credential.Password("alice", SECRET))) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> transport.send(get("GET")).close())
                        .isInstanceOfSatisfying(
                                RegistryException.Unauthorized.class,
                                e -> assertThat(e.reason())
                                        .isEqualTo(RegistryException.Unauthorized.Reason.WRONG_CREDENTIALS))
                        .hasMessageNotContaining(SECRET);
            }
        }
        assertThat(tried).hasSize(1);
    }

    @Test
    void nothing_that_is_printed_holds_the_secret() {
        RemoteOptions options = RemoteOptions.DEFAULT
                .withCredentials(CredentialProvider.of(new Credential.Password("alice", SECRET)))
                .withProxy(OutboundProxy.through(
                        new OutboundProxy.Server(OutboundProxy.Kind.HTTP, "10.0.0.1", 3128, "u", SECRET), List.of()));
        assertThat(options.toString()).doesNotContain(SECRET);
        assertThat(Optional.of(options.proxy()).toString()).doesNotContain(SECRET);
    }
}
