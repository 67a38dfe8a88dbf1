package io.entrepot.server.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.testkit.Threads;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opening, closing and what is between. */
@Timeout(30)
class ConnectorTest {
    private static final HttpHandler HELLO =
            exchange -> exchange.getResponseSender().send("hello");

    @Test
    void a_request_is_answered() throws Exception {
        try (IoThreads io = IoThreads.open(2);
                Connector connector = open(io, "127.0.0.1", 0, HELLO)) {
            assertThat(get(connector)).startsWith("HTTP/1.1 200 OK").endsWith("hello");
        }
    }

    @Test
    void a_head_without_a_host_is_answered() throws Exception {
        try (IoThreads io = IoThreads.open(2);
                Connector connector = open(io, "127.0.0.1", 0, HELLO)) {
            assertThat(ask(connector, "HEAD / HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.0 200 OK")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void several_connectors_share_threads_and_each_has_its_handler() throws Exception {
        try (IoThreads io = IoThreads.open(2);
                Connector one =
                        open(io, "127.0.0.1", 0, e -> e.getResponseSender().send("one"));
                Connector two = open(io, "::1", 0, e -> e.getResponseSender().send("two"));
                Connector three =
                        open(io, "0.0.0.0", 0, e -> e.getResponseSender().send("three"))) {
            assertThat(get(one)).endsWith("one");
            assertThat(get(two)).endsWith("two");
            assertThat(get(three)).endsWith("three");
        }
    }

    @Test
    void a_port_can_be_opened_again_at_once() throws Exception {
        try (IoThreads io = IoThreads.open(2);
                Connector other = open(io, "127.0.0.1", 0, HELLO)) {
            int port = 0;
            for (int i = 0; i < 50; i++) {
                try (Connector connector = open(io, "127.0.0.1", port, HELLO)) {
                    port = connector.address().getPort();
                    assertThat(get(connector)).endsWith("hello");
                }
            }
            assertThat(get(other)).endsWith("hello");
        }
    }

    @Test
    void what_is_taken_is_said_with_what_to_do() throws Exception {
        try (IoThreads io = IoThreads.open(2);
                Connector first = open(io, "127.0.0.1", 0, HELLO)) {
            int port = first.address().getPort();
            assertThatThrownBy(() -> open(io, "127.0.0.1", port, HELLO))
                    .isInstanceOf(ConnectorException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + port
                            + ": the port is taken by another program; stop that one or choose another port");
        }
    }

    @Test
    void an_address_of_others_is_said_with_what_to_do() {
        try (IoThreads io = IoThreads.open(2)) {
            assertThatThrownBy(() -> open(io, "192.0.2.1", 0, HELLO))
                    .isInstanceOf(ConnectorException.class)
                    .hasMessageContaining("does not belong to this machine");
            assertThatThrownBy(() -> open(io, "no-such-host.invalid", 0, HELLO))
                    .isInstanceOf(ConnectorException.class)
                    .hasMessageContaining("not known here");
        }
    }

    @Test
    void closing_leaves_no_thread() throws Exception {
        Set<Thread> before = Threads.all();
        for (int i = 0; i < 3; i++) {
            List<Socket> sockets = new ArrayList<>();
            try (IoThreads io = IoThreads.open(3);
                    Connector connector = open(io, "127.0.0.1", 0, HELLO)) {
                for (int n = 0; n < 20; n++) {
                    sockets.add(new Socket("127.0.0.1", connector.address().getPort()));
                }
                assertThat(get(connector)).endsWith("hello");
            }
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertThat(Threads.since(before)).noneMatch(name -> name.startsWith("http"));
    }

    @Test
    void after_stop_accepting_open_requests_are_served_and_say_that_they_are_the_last() throws Exception {
        AtomicReference<HttpServerExchange> open = new AtomicReference<>();
        HttpHandler waits = exchange -> exchange.dispatch(Runnable::run, e -> {
            open.set(e);
            e.dispatch(Runnable::run, () -> {});
        });
        HttpHandler handler = e -> {
            if (e.getRequestURI().equals("/wait")) {
                waits.handleRequest(e);
            } else {
                HELLO.handleRequest(e);
            }
        };
        try (IoThreads io = IoThreads.open(2);
                Connector connector = open(io, "127.0.0.1", 0, handler);
                Socket waiting = new Socket("127.0.0.1", connector.address().getPort());
                Socket idle = new Socket("127.0.0.1", connector.address().getPort())) {
            waiting.getOutputStream().write(RawServer.bytes("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"));
            idle.getOutputStream().write(RawServer.bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            assertThat(RawServer.read(idle, 300).text()).endsWith("hello");
            while (open.get() == null) {
                Thread.sleep(5);
            }
            assertThat(connector.openRequests()).isEqualTo(1);
            connector.stopAccepting();
            assertThatThrownBy(() -> new Socket("127.0.0.1", connector.address().getPort()).close())
                    .isInstanceOf(ConnectException.class);
            idle.getOutputStream().write(RawServer.bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            RawServer.Exchange last = RawServer.read(idle, 3000);
            assertThat(last.text()).contains("Connection: close").endsWith("hello");
            assertThat(last.closed()).isTrue();
            open.get().getResponseSender().send("done");
            assertThat(RawServer.read(waiting, 300).text()).endsWith("done");
            assertThat(connector.openRequests()).isZero();
        }
    }

    @Test
    void connections_beyond_the_limit_wait_until_others_end() throws Exception {
        try (RawServer server = new RawServer(HttpLimits.defaults().withConnections(3))) {
            Socket[] open = {server.connect(), server.connect(), server.connect()};
            String get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            for (Socket socket : open) {
                socket.getOutputStream().write(RawServer.bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
                assertThat(RawServer.read(socket, 1_500).statuses()).containsExactly(200);
            }
            try (Socket waiting = server.connect()) {
                waiting.getOutputStream().write(RawServer.bytes(get));
                assertThat(RawServer.read(waiting, 300).text()).isEmpty();
                open[0].close();
                assertThat(RawServer.read(waiting, 3_000).statuses()).containsExactly(200);
            }
            for (Socket socket : open) {
                socket.close();
            }
            assertThat(server.send(get, 3_000).statuses()).containsExactly(200);
        }
    }

    @Test
    void a_connection_that_comes_before_an_end_was_counted_is_not_turned_away() throws Exception {
        HttpLimits limits = HttpLimits.defaults().withConnections(3);
        ConnectorOptions options = new ConnectorOptions(new InetSocketAddress("127.0.0.1", 0), limits);
        try (IoThreads io = IoThreads.open(2);
                Connector connector = Connector.open(options, io, HELLO)) {
            io.connections().set(3);
            try (Socket early = new Socket("127.0.0.1", connector.address().getPort())) {
                early.getOutputStream()
                        .write(RawServer.bytes("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
                assertThat(RawServer.read(early, 100).closed()).isFalse();
                io.connections().decrementAndGet();
                assertThat(RawServer.read(early, 3_000).statuses()).containsExactly(200);
            }
        }
    }

    @Test
    void a_tls_greeting_gets_an_http_answer() throws Exception {
        byte[] hello = new byte[517];
        hello[0] = 0x16;
        hello[1] = 3;
        hello[2] = 1;
        try (IoThreads io = IoThreads.open(2);
                Connector connector = open(io, "127.0.0.1", 0, HELLO);
                Socket socket = new Socket("127.0.0.1", connector.address().getPort())) {
            socket.getOutputStream().write(hello);
            RawServer.Exchange answer = RawServer.read(socket, 3000);
            assertThat(answer.text()).startsWith("HTTP/1.0 400 Bad Request\r\n").contains("plain HTTP, not HTTPS");
            assertThat(answer.closed()).isTrue();
        }
    }

    private static Connector open(IoThreads io, String host, int port, HttpHandler handler) throws ConnectorException {
        return Connector.open(new ConnectorOptions(new InetSocketAddress(host, port)), io, handler);
    }

    private static String get(Connector connector) throws IOException {
        return ask(connector, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    private static String ask(Connector connector, String request) throws IOException {
        InetSocketAddress to = connector.address();
        try (Socket socket = new Socket(to.getAddress(), to.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
