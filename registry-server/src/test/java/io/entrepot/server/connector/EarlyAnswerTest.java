package io.entrepot.server.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer that comes before the body is read arrives whole, and the body is read within limits only. */
@Timeout(60)
class EarlyAnswerTest {
    RawServer server(HttpLimits limits) {
        return new RawServer(limits);
    }

    private static final String PUT = "PUT /early HTTP/1.1\r\nHost: x\r\n";
    private static final long HUNDRED_MB = 100_000_000;

    @Test
    void it_is_delivered_while_a_long_body_streams() throws Exception {
        try (RawServer server = server(HttpLimits.defaults());
                Socket socket = server.connect()) {
            streams(socket, PUT + "Content-Length: " + HUNDRED_MB + "\r\n\r\n", new byte[64 * 1024]);
        }
    }

    @Test
    void it_is_delivered_while_chunks_stream() throws Exception {
        String chunk = "10000\r\n" + "x".repeat(65536) + "\r\n";
        try (RawServer server = server(HttpLimits.defaults());
                Socket socket = server.connect()) {
            streams(socket, PUT + "Transfer-Encoding: chunked\r\n\r\n", RawServer.bytes(chunk));
        }
    }

    /** Sends a hundred megabytes from one thread, reads the answer in another. */
    private static void streams(Socket socket, String head, byte[] part) throws Exception {
        AtomicLong sent = new AtomicLong();
        Thread sender = new Thread(() -> {
            try {
                socket.getOutputStream().write(RawServer.bytes(head));
                while (sent.get() < HUNDRED_MB) {
                    socket.getOutputStream().write(part);
                    sent.addAndGet(part.length);
                }
            } catch (IOException e) {
                // Cut off, as it should be.
            }
        });
        sender.start();
        RawServer.Exchange answer = RawServer.read(socket, 10_000);
        sender.join();
        assertThat(answer.text())
                .startsWith("HTTP/1.1 401 ")
                .contains("Connection: close")
                .endsWith("{early}");
        assertThat(answer.closed()).isTrue();
        assertThat(sent.get()).isLessThan(50_000_000);
    }

    @Test
    void it_is_delivered_to_a_client_that_reads_only_after_sending() throws Exception {
        try (RawServer server = server(HttpLimits.defaults());
                Socket socket = server.connect()) {
            socket.getOutputStream().write(RawServer.bytes(PUT + "Content-Length: 4000000\r\n\r\n"));
            socket.getOutputStream().write(new byte[4_000_000]);
            RawServer.Exchange answer = RawServer.read(socket, 10_000);
            assertThat(answer.text()).startsWith("HTTP/1.1 401 ").endsWith("{early}");
        }
    }

    @Test
    void a_client_that_awaits_100_gets_the_answer_instead_and_no_100() throws Exception {
        try (RawServer server = server(HttpLimits.defaults())) {
            for (String length : new String[] {"Content-Length: 3", "Transfer-Encoding: chunked"}) {
                RawServer.Exchange answer = server.send(PUT + length + "\r\nExpect: 100-continue\r\n\r\n", 500);
                assertThat(answer.statuses()).containsExactly(401);
                assertThat(answer.text()).contains("Connection: close");
                assertThat(answer.closed()).isTrue();
            }
        }
    }

    @Test
    void a_client_that_awaits_100_gets_it_when_the_body_is_wanted() throws Exception {
        try (RawServer server = server(HttpLimits.defaults());
                Socket socket = server.connect()) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream()
                        .write(RawServer.bytes(
                                "PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
                assertThat(RawServer.read(socket, 300).text()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                socket.getOutputStream().write(RawServer.bytes("abc"));
                assertThat(RawServer.read(socket, 300).text())
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("{3}");
            }
        }
    }

    @Test
    void a_long_body_of_a_get_ends_the_connection_after_its_answer() throws Exception {
        try (RawServer server = server(HttpLimits.defaults());
                Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write(RawServer.bytes("GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n"));
            socket.getOutputStream().write(new byte[70_000]);
            socket.getOutputStream().write(RawServer.bytes("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"));
            socket.shutdownOutput();
            RawServer.Exchange answer = RawServer.read(socket, 5_000);
            assertThat(answer.text()).contains("Connection: close").endsWith("{ok}");
            assertThat(answer.statuses()).containsExactly(200);
            assertThat(server.handled).hasSize(1);
        }
    }

    @Test
    void lingering_ends_by_itself() throws Exception {
        HttpLimits limits =
                HttpLimits.defaults().with(new HttpLimits.Drain(64 * 1024, 8 * 1024 * 1024, Duration.ofMillis(400)));
        try (RawServer server = server(limits);
                Socket socket = server.connect()) {
            socket.getOutputStream().write(RawServer.bytes(PUT + "Content-Length: 1000000000\r\n\r\n"));
            assertThat(RawServer.read(socket, 3_000).text()).endsWith("{early}");
            long until = System.nanoTime() + 3_000_000_000L;
            boolean cut = false;
            while (!cut && System.nanoTime() < until) {
                try {
                    socket.getOutputStream().write(1);
                    Thread.sleep(20);
                } catch (SocketException | SSLException e) {
                    cut = true;
                }
            }
            assertThat(cut).isTrue();
        }
    }

    @Test
    void endless_trailers_are_cut_off() throws Exception {
        try (RawServer server = server(HttpLimits.defaults());
                Socket socket = server.connect()) {
            byte[] trailer = RawServer.bytes("A: " + "a".repeat(1000) + "\r\n");
            socket.getOutputStream()
                    .write(RawServer.bytes("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"));
            long sent = 0;
            try {
                for (int i = 0; i < 5_000; i++) {
                    socket.getOutputStream().write(trailer);
                    sent += trailer.length;
                }
                sent = Long.MAX_VALUE;
            } catch (SocketException | SSLException e) {
                // Cut off, as it should be.
            }
            assertThat(sent).isLessThan(5_000_000);
            assertThat(RawServer.read(socket, 3_000).statuses()).isEmpty();
        }
    }
}
