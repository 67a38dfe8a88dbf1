package io.entrepot.server.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that dawdle are cut off; clients that are merely slow, or whose turn it is not, are left alone. */
@Timeout(30)
class SlowClientsTest {
    RawServer server(HttpLimits limits) {
        return new RawServer(limits);
    }

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final HttpLimits LIMITS = HttpLimits.defaults()
            .with(new HttpLimits.Head(64 * 1024, 100, 50, 16 * 1024, 8 * 1024, Duration.ofMillis(500)))
            .with(new HttpLimits.Pace(
                    Duration.ofMillis(800), Duration.ofMillis(600), 1024, 1024, Duration.ofMillis(1000)));
    private static final String POST = "POST /a HTTP/1.1\r\nHost: x\r\n";

    @Test
    void silence_after_connecting_ends_it() throws Exception {
        assertThat(millisUntilClosed("", "", LIMITS)).isBetween(700L, 2500L);
    }

    @Test
    void silence_between_requests_ends_it() throws Exception {
        assertThat(millisUntilClosed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "", LIMITS))
                .isBetween(700L, 2500L);
    }

    @Test
    void silence_within_the_headers_ends_it() throws Exception {
        assertThat(millisUntilClosed("GET / HTTP/1.1\r\nHo", "", LIMITS)).isBetween(400L, 2000L);
    }

    @Test
    void headers_byte_by_byte_end_it() throws Exception {
        assertThat(millisUntilClosed("GET / HTTP/1.1\r\nA: ", "a", LIMITS)).isBetween(400L, 2000L);
    }

    @Test
    void silence_within_a_body_ends_it() throws Exception {
        assertThat(millisUntilClosed(POST + "Content-Length: 1000\r\n\r\nabc", "", LIMITS))
                .isBetween(500L, 2500L);
    }

    @Test
    void a_body_byte_by_byte_ends_it() throws Exception {
        assertThat(millisUntilClosed(POST + "Content-Length: 100000\r\n\r\n", "a", LIMITS))
                .isBetween(900L, 4000L);
    }

    @Test
    void a_chunked_body_byte_by_byte_ends_it() throws Exception {
        assertThat(millisUntilClosed(POST + "Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", LIMITS))
                .isBetween(900L, 4000L);
    }

    @Test
    void a_body_of_sufficient_rate_is_read_for_as_long_as_it_takes() throws Exception {
        try (RawServer server = server(LIMITS);
                Socket socket = server.connect()) {
            socket.getOutputStream().write(RawServer.bytes(POST + "Content-Length: 30000\r\n\r\n"));
            for (int i = 0; i < 30; i++) {
                socket.getOutputStream().write(new byte[1000]);
                Thread.sleep(100);
            }
            assertThat(RawServer.read(socket, 400).text()).endsWith("{30000}");
        }
    }

    @Test
    void an_answer_that_is_not_taken_ends() throws Exception {
        try (IoThreads io = IoThreads.open(2);
                Connector connector = Connector.open(
                        new ConnectorOptions(new InetSocketAddress("127.0.0.1", 0), LIMITS),
                        io,
                        exchange -> exchange.getResponseSender().send("x".repeat(64 * 1024 * 1024)));
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(connector.address());
            socket.getOutputStream().write(RawServer.bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            await(connector, 1, 5_000);
            await(connector, 0, 5_000);
        }
    }

    @Test
    void a_handler_may_take_its_time() throws Exception {
        HttpLimits limits = LIMITS;
        try (IoThreads io = IoThreads.open(2);
                Connector connector = Connector.open(
                        new ConnectorOptions(new InetSocketAddress("127.0.0.1", 0), limits),
                        io,
                        exchange -> exchange.dispatch(() -> {
                            sleep(2000);
                            exchange.getResponseSender().send("at last");
                        }));
                Socket get = new Socket("127.0.0.1", connector.address().getPort());
                Socket post = new Socket("127.0.0.1", connector.address().getPort())) {
            get.getOutputStream().write(RawServer.bytes("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
            post.getOutputStream().write(RawServer.bytes(POST + "Content-Length: 1000000\r\n\r\nabc"));
            assertThat(RawServer.read(get, 4000).text()).endsWith("at last");
            assertThat(RawServer.read(post, 4000).text()).endsWith("at last");
        }
    }

    @Test
    void the_limits_are_those_of_the_specification() {
        HttpLimits limits = HttpLimits.defaults();
        assertThat(limits.head().within()).isEqualTo(Duration.ofSeconds(10));
        assertThat(limits.pace().idle()).isEqualTo(LONG);
        assertThat(limits.pace().stall()).isEqualTo(LONG);
        assertThat(limits.pace().over()).isEqualTo(LONG);
        assertThat(limits.pace().bytesInPerSecond()).isEqualTo(1024);
    }

    /** Sends {@code start}, then {@code drip} every 50 ms. */
    private long millisUntilClosed(String start, String drip, HttpLimits limits) throws Exception {
        try (RawServer server = server(limits);
                Socket socket = server.connect()) {
            long from = System.nanoTime();
            socket.getOutputStream().write(RawServer.bytes(start));
            while (System.nanoTime() - from < 10_000_000_000L) {
                if (closed(socket)) {
                    return (System.nanoTime() - from) / 1_000_000;
                }
                try {
                    socket.getOutputStream().write(RawServer.bytes(drip));
                } catch (SocketException | SSLException e) {
                    return (System.nanoTime() - from) / 1_000_000;
                }
            }
            return Long.MAX_VALUE;
        }
    }

    private static boolean closed(Socket socket) throws IOException {
        return RawServer.read(socket, 50).closed();
    }

    private static void await(Connector connector, int open, long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        while (connector.openRequests() != open && System.nanoTime() < until) {
            sleep(10);
        }
        assertThat(connector.openRequests()).isEqualTo(open);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
