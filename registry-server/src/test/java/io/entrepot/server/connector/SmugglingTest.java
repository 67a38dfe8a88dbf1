package io.entrepot.server.connector;

import static io.entrepot.server.connector.Corpus.GET;
import static io.entrepot.server.connector.Corpus.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.server.connector.Corpus.Case;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Requests that two programs could understand differently are answered once, reach no handler, and end the connection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmugglingTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private RawServer server;

    @BeforeAll
    void open() {
        server = new RawServer(HttpLimits.defaults());
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
}
