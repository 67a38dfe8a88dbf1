package io.entrepot.server.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The framing of chunked bodies, wherever the bytes are cut. */
class ChunkScannerTest {
    private static final int LIMIT = 8 * 1024;

    @TestFactory
    Stream<DynamicTest> the_verdict_does_not_depend_on_where_the_bytes_are_cut() {
        return Stream.concat(Corpus.brokenChunks(), Corpus.accepted())
                .filter(c -> c.request().toLowerCase(java.util.Locale.ROOT).contains("encoding: chunked"))
                .filter(c -> c.request().length() < 1000)
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> {
                    byte[] body =
                            RawServer.bytes(c.request().substring(c.request().indexOf("\r\n\r\n") + 4));
                    int whole = scan(body, body.length);
                    for (int size = 1; size < body.length; size++) {
                        assertThat(scan(body, size)).as("in pieces of " + size).isEqualTo(whole);
                    }
                }));
    }

    @Test
    void what_follows_the_body_is_not_looked_at() {
        byte[] bytes = RawServer.bytes("3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        assertThat(scan(bytes, bytes.length)).isEqualTo(13);
    }

    @Test
    void trailers_may_be_as_long_as_the_limit_and_no_longer() {
        String fits = "0\r\nA: " + "a".repeat(LIMIT - 5) + "\r\n\r\n";
        assertThat(scan(RawServer.bytes(fits), 100)).isEqualTo(fits.length());
        assertThat(scan(RawServer.bytes(fits.replace("A:", "AB:")), 100)).isEqualTo(-1);
    }

    /** Where the body ends; -1 if it is broken; its length if it has not ended. */
    private static int scan(byte[] body, int piece) {
        ChunkScanner scanner = new ChunkScanner(LIMIT);
        ByteBuffer bytes = ByteBuffer.wrap(body);
        int at = 0;
        while (at < body.length && !scanner.done()) {
            at = scanner.scan(bytes, at, Math.min(body.length, at + piece));
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }
}
