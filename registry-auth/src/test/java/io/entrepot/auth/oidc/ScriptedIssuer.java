package io.entrepot.auth.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.entrepot.core.testkit.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** An identity provider that keeps to the book, except where a test tells it to lie. */
class ScriptedIssuer implements AutoCloseable {
    static final String CLIENT = "entrepot";
    static final String SECRET = "s3cr/t+&";

    final TestKeys keys = new TestKeys();
    final SettableClock clock;
    /** Paths that were asked for, in order. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    /** Forms that came to the token endpoint, with the Authorization header as a further entry. */
    final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();
    /** Answers that are given instead of the right ones. */
    final Map<String, HttpHandler> lies = new ConcurrentHashMap<>();
    /** What is told of itself. */
    final Map<String, Object> description = new ConcurrentHashMap<>();

    volatile List<JWK> shown = keys.all();
    /** What becomes of the right claims of an ID token before it is signed. */
    volatile UnaryOperator<Map<String, Object>> claims = right -> right;

    /** What becomes of an ID token after it was signed. */
    volatile UnaryOperator<String> token = right -> right;

    volatile JWSAlgorithm algorithm = JWSAlgorithm.RS256;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    ScriptedIssuer(SettableClock clock) {
        this(clock, open());
    }

    ScriptedIssuer(SettableClock clock, HttpServer server) {
        this.clock = clock;
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        description.put("issuer", issuer().toString());
        description.put("authorization_endpoint", issuer() + "/authorize");
        description.put("token_endpoint", issuer() + "/token");
        description.put("jwks_uri", issuer() + "/keys");
    }

    private static HttpServer open() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String scheme() {
        return "http";
    }

    URI issuer() {
        return URI.create(scheme() + "://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Claims of a good token for our client. */
    Map<String, Object> rightClaims() {
        Map<String, Object> right = new LinkedHashMap<>();
        long now = clock.instant().getEpochSecond();
        right.put("iss", issuer().toString());
        right.put("aud", CLIENT);
        right.put("sub", "0001");
        right.put("iat", now);
        right.put("exp", now + 300);
        right.put("preferred_username", "alice");
        right.put("groups", List.of("dev", "ops"));
        return right;
    }

    /** What happens in the browser: somebody logs in, and comes back with this query. */
    OidcLogin.Reply logIn(URI goTo) {
        Map<String, String> query = form(goTo.getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, query);
        return new OidcLogin.Reply(query.get("state"), code, "", "");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        try (exchange) {
            HttpHandler lie = lies.get(path);
            if (lie != null) {
                lie.handle(exchange);
            } else if (path.equals("/.well-known/openid-configuration")) {
                send(exchange, 200, JSONObjectUtils.toJSONString(new HashMap<>(description)));
            } else if (path.equals("/keys")) {
                send(exchange, 200, new JWKSet(new ArrayList<>(shown)).toString(true));
            } else if (path.equals("/token")) {
                token(exchange);
            } else {
                send(exchange, 404, "{}");
            }
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Map<String, String> noted = new HashMap<>(form);
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header != null) {
            noted.put("Authorization", header);
        }
        forms.add(noted);
        Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
        boolean proved = asked != null
                && asked.get("code_challenge").equals(Chance.hash(form.getOrDefault("code_verifier", "")))
                && asked.get("redirect_uri").equals(form.get("redirect_uri"));
        if (!proved) {
            send(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        Map<String, Object> right = rightClaims();
        right.put("nonce", asked.get("nonce"));
        String signed = token.apply(keys.sign(algorithm, claims.apply(right)));
        send(exchange, 200, "{\"token_type\":\"Bearer\",\"id_token\":\"" + signed + "\"}");
    }

    static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static HttpHandler redirect(URI to) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", to.toString());
            exchange.sendResponseHeaders(302, -1);
        };
    }

    static Map<String, String> form(String text) {
        Map<String, String> form = new HashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            form.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
        }
        return form;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
