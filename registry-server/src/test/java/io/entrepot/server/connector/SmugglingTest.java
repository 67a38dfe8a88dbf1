package io.entrepot.server.connector;

import static io.entrepot.server.connector.Corpus.GET;
import static io.entrepot.server.connector.Corpus.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.server.connector.Corpus.Case;
import java.net.Socket;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Requests that two programs could understand differently are answered once, reach no handler, and end the connection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmugglingTest {
    RawServer server(HttpLimits limits) {
        return new RawServer(limits);
    }

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private RawServer server;

    @BeforeAll
    void open() {
        server = server(HttpLimits.defaults());
    }

    @AfterAll
    void close() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> what_is_ambiguous_is_refused_and_the_connection_ends() {
        return Corpus.refused().map(c -> DynamicTest.dynamicTest(c.name(), () -> refuses(c)));
    }

    private void refuses(Case c) throws Exception {
        server.handled.clear();
        RawServer.Exchange answer = server.send(c.request() + SMUGGLED, 3000);
        assertThat(server.handled).as("requests that reached a handler").isEmpty();
        assertThat(answer.closed()).as("closed after %s", answer.text()).isTrue();
        assertThat(answer.statuses()).as(answer.text()).hasSizeLessThanOrEqualTo(1);
        if (!c.statuses().contains(0)) {
            assertThat(answer.statuses()).as(answer.text()).hasSize(1);
            assertThat(c.statuses())
                    .as(answer.text())
                    .contains(answer.statuses().get(0));
        }
    }

    @TestFactory
    Stream<DynamicTest> broken_chunks_end_the_connection_and_nothing_after_them_is_a_request() {
        return Corpus.brokenChunks()
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    server.handled.clear();
                    RawServer.Exchange answer = server.send(c.request() + SMUGGLED, 3000);
                    assertThat(server.handled).noneMatch(r -> r.contains("smuggled"));
                    assertThat(answer.closed())
                            .as("closed after %s", answer.text())
                            .isTrue();
                    assertThat(answer.statuses()).as(answer.text()).doesNotContain(200);
                }));
    }

    @TestFactory
    Stream<DynamicTest> what_is_well_formed_is_answered_and_so_is_the_next_request() {
        return Corpus.accepted()
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    server.handled.clear();
                    RawServer.Exchange answer = server.send(
                            c.request() + GET + "/next HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n", 3000);
                    assertThat(answer.statuses()).as(answer.text()).hasSize(2).endsWith(200);
                    assertThat(c.statuses()).contains(answer.statuses().get(0));
                    assertThat(server.handled).hasSize(2).last().isEqualTo("GET /next ");
                }));
    }

    @TestFactory
    Stream<DynamicTest> well_formed_requests_may_come_in_pieces() {
        return Corpus.accepted()
                .filter(c -> c.request().length() < 500)
                .filter(c -> !c.name().equals("DELETE with chunks")) // answered before all is here: that ends it
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    server.handled.clear();
                    byte[] all = RawServer.bytes(
                            c.request() + GET + "/next HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
                    try (Socket socket = server.connect()) {
                        for (int at = 0; at < all.length; at += 7) {
                            socket.getOutputStream().write(all, at, Math.min(7, all.length - at));
                            Thread.sleep(1);
                        }
                        RawServer.Exchange answer = RawServer.read(socket, 3000);
                        assertThat(answer.statuses())
                                .as(answer.text())
                                .hasSize(2)
                                .endsWith(200);
                        assertThat(server.handled).hasSize(2).last().isEqualTo("GET /next ");
                    }
                }));
    }

    @Test
    void many_requests_sent_at_once_are_answered_in_order() throws Exception {
        server.handled.clear();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            all.append(
                    i % 2 == 0
                            ? "GET /" + i + " HTTP/1.1\r\n" + HOST + "\r\n"
                            : "POST /" + i + " HTTP/1.1\r\n" + HOST
                                    + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        }
        RawServer.Exchange answer = server.send(all.toString(), 1000);
        assertThat(answer.statuses()).hasSize(500).containsOnly(200);
        assertThat(server.handled.get(0)).isEqualTo("GET /0 ");
        assertThat(server.handled.get(499)).isEqualTo("POST /499 ");
    }

    @Test
    void handlers_see_path_and_query_as_they_were_sent() throws Exception {
        server.handled.clear();
        server.send(GET + "/v2/a%2Fb/x%3Ay?last=%41+b%2f HTTP/1.1\r\n" + HOST + "\r\n", 200);
        server.send(GET + "http://x/v2/%41?a HTTP/1.1\r\n" + HOST + "\r\n", 200);
        assertThat(server.handled).containsExactly("GET /v2/a%2Fb/x%3Ay last=%41+b%2f", "GET /v2/%41 a");
    }

    @Test
    void a_refusal_is_json_and_names_nothing_of_ours() throws Exception {
        RawServer.Exchange answer = server.send("TRACE / HTTP/1.1\r\n" + HOST + "\r\n", 1000);
        assertThat(answer.text())
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n", "Content-Type: application/json")
                .endsWith("{\"errors\":[{\"code\":\"UNSUPPORTED\",\"message\":\"this method is not supported\"}]}\n");
        answer = server.send("GET / HTTP/3.0\r\n" + HOST + "\r\n", 1000);
        assertThat(answer.text()).startsWith("HTTP/1.1 505 ").endsWith("are spoken here\"}]}\n");
    }
}
