package io.entrepot.server.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Opening and closing. */
class ConnectorTest {
    @Test
    void a_request_is_answered() throws Exception {
        try (IoThreads io = IoThreads.open(2);
                Connector connector = Connector.open(
                        new ConnectorOptions(new InetSocketAddress("127.0.0.1", 0)),
                        io,
                        exchange -> exchange.getResponseSender().send("hello"));
                Socket socket = new Socket("127.0.0.1", connector.address().getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("hello");
        }
    }
}
