package io.entrepot.proxy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where redirects and token endpoints may lead: whoever is configured here is 127.0.0.1, and the trap listens on all others. */
class WhereItConnectsTest extends OverHttp {
    private final AtomicInteger trapped = new AtomicInteger();
    private ServerSocket trap;

    @BeforeEach
    void listen() throws IOException {
        trap = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[16]));
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            trap.accept().close();
                            trapped.incrementAndGet();
                        }
                    } catch (IOException e) {
                        // Closed.
                        return;
                    }
                },
                "trap");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void unlisten() throws IOException {
        trap.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "localhost.",
                "[::1]",
                "[::]",
                "0.0.0.0",
                "127.0.0.2",
                "127.2",
                "0x7f.0.0.2",
                "2130706434",
                "[::ffff:127.0.0.2]",
                "[::ffff:7f00:2]",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "[fd00::1]",
                "[fe80::1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::1]",
                "224.0.0.1",
                "255.255.255.255"
            })
    void a_redirect_into_a_private_place_is_not_followed(String host) {
        on(blob, Fault.redirect(307, "http://" + host + ":" + trap.getLocalPort() + "/x?signature=" + SECRET));
        HttpTransport transport = transport(RemoteOptions.DEFAULT);
        // What the JDK cannot even look up is not connected to either.
        assertThat(unavailable(transport, blob).getMessage())
                .containsAnyOf("is not on the public internet", "its name is not known");
        assertThat(trapped).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "[::1]", "127.0.0.2", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.2]"})
    void nor_is_a_token_endpoint_there_asked(String host) {
        upstream.requireBearer(tokens)
                .challengeWith(right -> List.of("Bearer realm=\"http://" + host + ":" + trap.getLocalPort() + "/t\""));
        assertThat(unavailable(transport(ALICE), manifest))
                .hasMessageContaining("is not on the public internet")
                .hasNoCause();
        assertThat(trapped).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"localhost, localhost", "localhost, 127.0.0.0/8", "localhost, *", "127.0.0.1, 10.0.0.0/8"})
    void what_is_allowed_or_configured_is_connected_to(String host, String allowed) {
        try (ScriptedUpstream cdn = new ScriptedUpstream(upstream.content())) {
            on(blob, Fault.redirect(307, "http://" + host + ":" + cdn.port() + blob));
            RemoteOptions options = RemoteOptions.DEFAULT.withAllowedHosts(List.of(allowed, "::1"));
            assertThat(status(transport(options), blob)).isEqualTo(200);
            assertThat(cdn.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.example", "10.0.0.0/8", ".localhost", "localhost:1"})
    void what_is_allowed_is_that_and_nothing_else(String allowed) {
        on(blob, Fault.redirect(307, "http://localhost:" + trap.getLocalPort() + "/x"));
        HttpTransport transport = transport(RemoteOptions.DEFAULT.withAllowedHosts(List.of(allowed)));
        assertThat(unavailable(transport, blob))
                .hasMessageContaining("localhost")
                .hasMessageContaining("allow");
        assertThat(trapped).hasValue(0);
    }

    @Test
    void a_registry_that_is_configured_by_a_private_name_is_that_name() throws IOException {
        on(blob, Fault.redirect(307, "http://127.0.0.1:" + trap.getLocalPort() + "/x"));
        URI root = URI.create("http://localhost:" + upstream.port());
        try (HttpTransport transport = new HttpTransport(root, RemoteOptions.DEFAULT)) {
            assertThat(status(transport, manifest)).isEqualTo(200);
            assertThat(unavailable(transport, blob)).hasMessageContaining("127.0.0.1");
        }
        assertThat(trapped).hasValue(0);
    }

    /** It looks names up itself, so that nothing but the name can be judged here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/x",
                "http://localhost./x",
                "http://a.localhost/x",
                "http://127.0.0.1/x",
                "http://127.0.0.1./x",
                "http://127.1/x",
                "http://0x7f000001/x",
                "http://[::1]/x",
                "http://[::ffff:10.0.0.1]/x",
                "http://169.254.169.254/x"
            })
    void an_outbound_proxy_is_not_asked_for_a_private_place(String url) {
        ConnectGuard guard = new ConnectGuard("r.example", new HostRules(List.of()));
        assertThatThrownBy(() -> guard.checkName(HttpUrl.get(url))).isInstanceOf(ConnectGuard.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://r.example/x", "http://cdn.example/x", "http://8.8.8.8/x", "http://10.1.2.3/x"})
    void but_it_is_for_any_other(String url) throws Exception {
        new ConnectGuard("r.example", new HostRules(List.of("10.0.0.0/8"))).checkName(HttpUrl.get(url));
    }

    @Test
    void a_registry_that_is_not_there_is_said_and_may_be_tried_again() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0)) {
            port = gone.getLocalPort();
        }
        try (HttpTransport transport = new HttpTransport(URI.create("http://127.0.0.1:" + port), options(ALICE))) {
            assertThat(unavailable(transport, manifest))
                    .hasMessage("127.0.0.1 cannot be reached: its port does not take connections")
                    .hasCauseInstanceOf(IOException.class);
        }
        try (HttpTransport transport = new HttpTransport(URI.create("http://nobody.invalid"), options(ALICE))) {
            assertThat(unavailable(transport, manifest))
                    .hasMessage("nobody.invalid cannot be reached: its name is not known");
        }
    }
}
