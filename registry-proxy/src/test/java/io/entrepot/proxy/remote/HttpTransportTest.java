package io.entrepot.proxy.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpTransportTest {
    private static final List<Scope> PULL = List.of(Scope.repository("a", Scope.PULL));

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String realm = "/token?x=1";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            seen.add(path + " " + shown);
            byte[] body = "{\"access_token\":\"T\"}".getBytes(UTF_8);
            int status = 200;
            if (path.startsWith("/v2/") && !shown.equals("Bearer T")) {
                status = 401;
                exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"s\"");
            } else if (path.equals("/v2/away")) {
                status = 307;
                exchange.getResponseHeaders().add("Location", "http://localhost:1/x?secret=canary");
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private HttpTransport transport() {
        RemoteOptions options =
                RemoteOptions.DEFAULT.withCredentials(CredentialProvider.of(new Credential.Password("u", "p")));
        return new HttpTransport(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v2/"), options);
    }

    @Test
    void a_token_is_fetched_once_and_used_again() {
        try (HttpTransport transport = transport()) {
            for (int i = 0; i < 2; i++) {
                try (Reply reply = transport.send(Outgoing.of("GET", "/v2/a/tags/list", PULL))) {
                    assertThat(reply.status()).isEqualTo(200);
                }
            }
        }
        assertThat(seen)
                .containsExactly(
                        "/v2/a/tags/list null",
                        "/token?x=1&service=s&scope=repository%3Aa%3Apull Basic dTpw",
                        "/v2/a/tags/list Bearer T",
                        "/v2/a/tags/list Bearer T");
    }

    @Test
    void a_realm_on_another_private_host_is_not_connected_to() {
        realm = "http://localhost:" + server.getAddress().getPort() + "/token";
        try (HttpTransport transport = transport()) {
            assertThatThrownBy(() -> transport.send(Outgoing.of("GET", "/v2/a/tags/list", PULL)))
                    .isInstanceOf(RegistryException.Unavailable.class)
                    .hasMessageContaining("not on the public internet");
        }
        assertThat(seen).hasSize(1);
    }

    @Test
    void a_redirect_into_the_private_network_is_refused_without_its_query() {
        try (HttpTransport transport = transport()) {
            assertThatThrownBy(() -> transport.send(Outgoing.of("GET", "/v2/away", PULL)))
                    .isInstanceOf(RegistryException.Unavailable.class)
                    .hasMessageContaining("not on the public internet")
                    .hasMessageNotContaining("canary");
        }
    }
}
