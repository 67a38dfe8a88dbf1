package io.entrepot.server.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to a connector that speaks TLS. */
@Timeout(60)
class TlsConnectorTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static final HttpLimits QUICK = HttpLimits.defaults()
            .with(new HttpLimits.Head(64 * 1024, 100, 50, 16 * 1024, 8 * 1024, Duration.ofMillis(500)))
            .with(new HttpLimits.Pace(
                    Duration.ofMillis(900), Duration.ofMillis(600), 1024, 1024, Duration.ofMillis(1000)));

    private static SSLSocket begun(RawServer server) throws IOException {
        return server.begin(server.connectInClear());
    }

    private static String ask(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(RawServer.bytes(request));
        return RawServer.read(socket, 3000).text();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_request_is_answered_and_the_end_of_it_is_said(String version) throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults());
                SSLSocket socket = begun(server)) {
            socket.setEnabledProtocols(new String[] {version});
            socket.getOutputStream().write(RawServer.bytes(GET));
            // readAllBytes ends without an exception only after close_notify
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("{ok}");
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void a_head_without_a_host_is_answered() throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults());
                Socket socket = server.connect()) {
            assertThat(ask(socket, "HEAD / HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.0 200 OK")
                    .endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"
            })
    void other_ciphers_than_authenticated_ones_are_refused(String suite) throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults());
                SSLSocket socket = begun(server)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {suite});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    /** A hello of its own making: Java's client has forgotten these versions. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void older_versions_are_refused_with_an_alert(int minor) throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults());
                Socket socket = server.connectInClear()) {
            socket.getOutputStream().write(hello(minor));
            socket.setSoTimeout(3000);
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(answer).startsWith(0x15); // an alert,
            assertThat(answer[6]).isEqualTo((byte) 70); // protocol_version
        }
    }

    private static byte[] hello(int minor) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(new byte[] {3, (byte) minor});
        body.write(new byte[32]);
        body.write(0);
        body.write(new byte[] {0, 4, (byte) 0xc0, 0x09, 0x00, 0x2f});
        body.write(new byte[] {1, 0});
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(new byte[] {0x16, 3, (byte) minor, 0, (byte) (body.size() + 4), 1, 0, 0, (byte) body.size()});
        all.write(body.toByteArray());
        return all.toByteArray();
    }

    @Test
    void http_1_1_is_the_only_protocol_that_is_agreed_upon() throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults())) {
            assertThat(agreed(server, "h2", "http/1.1")).isEqualTo("http/1.1");
            assertThat(agreed(server, "http/1.1")).isEqualTo("http/1.1");
            assertThat(agreed(server)).isEmpty();
            assertThatThrownBy(() -> agreed(server, "h2")).isInstanceOf(SSLException.class);
        }
    }

    private static String agreed(RawServer server, String... protocols) throws IOException {
        try (SSLSocket socket = begun(server)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(protocols);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getApplicationProtocol();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_session_is_resumed(String version) throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults())) {
            long first = session(server, version);
            Thread.sleep(20);
            assertThat(session(server, version)).isEqualTo(first);
        }
    }

    private static long session(RawServer server, String version) throws IOException {
        try (SSLSocket socket = begun(server)) {
            socket.setEnabledProtocols(new String[] {version});
            assertThat(ask(socket, GET)).endsWith("{ok}");
            return socket.getSession().getCreationTime();
        }
    }

    @Test
    void a_client_cannot_begin_another_handshake() throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults());
                SSLSocket socket = begun(server)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThat(ask(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").substring(0, 15))
                    .isEqualTo("HTTP/1.1 200 OK");
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getOutputStream().write(RawServer.bytes(GET));
                        while (socket.getInputStream().read() >= 0) {
                            // what may have come before the alert
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n",
                "HEAD / HTTP/1.0\r\n\r\n",
                "POST /v2/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc"
            })
    void plain_http_gets_a_sentence(String request) throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults());
                Socket socket = server.connectInClear()) {
            socket.getOutputStream().write(RawServer.bytes(request));
            RawServer.Exchange answer = RawServer.read(socket, 3000);
            assertThat(answer.text()).startsWith("HTTP/1.").contains(" 400 Bad Request\r\n", "Connection: close");
            if (!request.startsWith("HEAD")) {
                assertThat(answer.text()).contains("\"message\":\"this port speaks HTTPS: use https:// here\"");
            }
            assertThat(answer.closed()).isTrue();
            assertThat(server.handled).isEmpty();
        }
    }

    @Test
    void anything_else_ends_the_connection() throws Exception {
        try (RawServer server = RawServer.overTls(QUICK)) {
            for (String garbage :
                    List.of("\u0000\u0001\u0002\r\n\r\n", "SSH-2.0-x\r\n\r\n", "\u0016garbage\r\n\r\n\r\n")) {
                try (Socket socket = server.connectInClear()) {
                    socket.getOutputStream().write(RawServer.bytes(garbage));
                    assertThat(RawServer.read(socket, 3000).closed())
                            .as(garbage)
                            .isTrue();
                }
            }
            assertThat(server.handled).isEmpty();
        }
    }

    @Test
    void who_connects_and_says_nothing_is_cut_and_so_is_who_never_ends_the_handshake() throws Exception {
        byte[] hello = new byte[200];
        Arrays.fill(hello, (byte) 1);
        hello[0] = 0x16;
        hello[1] = 3;
        hello[2] = 1;
        hello[3] = 8; // a record that goes on
        try (RawServer server = RawServer.overTls(QUICK);
                Socket silent = server.connectInClear();
                Socket stuck = server.connectInClear();
                Socket slow = server.connectInClear()) {
            long from = System.nanoTime();
            stuck.getOutputStream().write(hello);
            slow.getOutputStream().write(hello, 0, 5);
            boolean cut = false;
            for (int i = 5; i < hello.length && !cut; i++) {
                try {
                    slow.getOutputStream().write(hello, i, 1);
                    cut = RawServer.read(slow, 20).closed();
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertThat(cut).isTrue();
            assertThat(RawServer.read(stuck, 3000).closed()).isTrue();
            assertThat(RawServer.read(silent, 3000).closed()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - from))
                    .isBetween(Duration.ofMillis(400), Duration.ofSeconds(4));
        }
    }

    @Test
    void an_idle_connection_is_ended_as_tls_is() throws Exception {
        try (RawServer server = RawServer.overTls(QUICK);
                Socket socket = server.connect()) {
            socket.getOutputStream().write(RawServer.bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            socket.setSoTimeout(5000);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("{ok}");
        }
    }

    @Test
    void many_pipelined_small_requests_in_one_record_are_answered() throws Exception {
        try (RawServer server = RawServer.overTls(HttpLimits.defaults());
                Socket socket = server.connect()) {
            String all = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(400) + GET;
            socket.getOutputStream().write(RawServer.bytes(all));
            assertThat(RawServer.read(socket, 5000).statuses()).hasSize(401).containsOnly(200);
        }
    }

    @Test
    void closing_a_connector_leaves_no_connection() throws Exception {
        RawServer server = RawServer.overTls(HttpLimits.defaults());
        Socket idle = server.connect();
        Socket silent = server.connectInClear();
        server.close();
        assertThat(RawServer.read(idle, 3000).closed()).isTrue();
        assertThat(RawServer.read(silent, 3000).closed()).isTrue();
        idle.close();
        silent.close();
    }
}
