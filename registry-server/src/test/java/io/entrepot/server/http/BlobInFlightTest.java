package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Blob;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A blob of which nothing is there yet, because who has it was only just asked. */
@Timeout(120)
class BlobInFlightTest {
    private static final int CROWD = 1000;
    private static final byte[] BYTES = new byte[100_000];

    static {
        new Random(11).nextBytes(BYTES);
    }

    private final TestBlob blob = TestBlob.streamed(BYTES);
    private final String path = "/v2/a/blobs/" + blob.digest();

    private void ask(RawClient client, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: t\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        client.send(head.append("\r\n").toString());
    }

    @Test
    void nothing_is_said_before_something_of_it_is_there() throws IOException {
        try (TestServer server = TestServer.serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            ask(client);
            blob.awaited();
            assertThat(client.in().available()).isZero();
            blob.growTo(1);
            RawClient.Response head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Length")).contains(Integer.toString(BYTES.length));
            blob.growTo(BYTES.length);
            assertThat(client.exactly(BYTES.length)).isEqualTo(BYTES);
            assertThat(blob.timesClosed()).isEqualTo(1);
        }
    }

    static Stream<Object[]> failures() {
        return Stream.of(
                new Object[] {
                    404,
                    "",
                    RegistryException.unknownBlob(TestBlob.streamed(BYTES).digest())
                },
                new Object[] {429, "7", unavailable(ErrorCode.TOOMANYREQUESTS)},
                new Object[] {503, "7", unavailable(ErrorCode.UNAVAILABLE)},
                new Object[] {507, "", new RegistryException.InsufficientStorage("no room", null)},
                new Object[] {500, "", RegistryException.storage("the disk is gone", null)});
    }

    private static RegistryException unavailable(ErrorCode code) {
        return new RegistryException.Unavailable(code, "the upstream", Optional.of(Duration.ofMillis(6001)), null);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void what_fails_before_it_begins_is_answered_as_what_it_is(int status, String retryAfter, RegistryException why)
            throws IOException {
        try (TestServer server = TestServer.serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            ask(client);
            blob.awaited().fail(why);
            RawClient.Response answer = client.response(false);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.text()).contains("\"errors\"", why.code().name());
            assertThat(answer.header("Retry-After").orElse("")).isEqualTo(retryAfter);
            assertThat(answer.header("ETag")).isEmpty();
            assertThat(answer.header("Cache-Control")).isEmpty();
            assertThat(client.exchange("GET", "/v2/").status()).isEqualTo(200);
            assertThat(blob.timesClosed()).isEqualTo(1);
        }
    }

    @Test
    void what_has_failed_already_is_answered_at_once() throws IOException {
        blob.fail(unavailable(ErrorCode.UNAVAILABLE));
        try (TestServer server = TestServer.serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            assertThat(client.exchange("GET", path).status()).isEqualTo(503);
            assertThat(blob.timesClosed()).isEqualTo(1);
        }
    }

    @Test
    void an_empty_one_is_there() throws IOException {
        TestBlob empty = TestBlob.streamed(new byte[0]);
        try (TestServer server = TestServer.serving(new OneBlob(() -> empty));
                RawClient client = server.client()) {
            RawClient.Response answer = client.exchange("GET", "/v2/a/blobs/" + empty.digest());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Length")).contains("0");
            assertThat(empty.timesClosed()).isEqualTo(1);
        }
    }

    @Test
    void one_range_is_answered_as_one_and_several_by_all_of_it() throws IOException {
        Queue<TestBlob> opened = new ConcurrentLinkedQueue<>();
        try (TestServer server = TestServer.serving(new OneBlob(() -> opened(opened)));
                RawClient client = server.client()) {
            ask(client, "Range: bytes=90000-90009");
            next(opened).awaited().growTo(10);
            RawClient.Response one = client.head();
            assertThat(one.status()).isEqualTo(206);
            assertThat(one.header("Content-Range")).contains("bytes 90000-90009/" + BYTES.length);
            next(opened).growTo(BYTES.length);
            assertThat(client.exactly(10)).isEqualTo(Arrays.copyOfRange(BYTES, 90_000, 90_010));
            opened.clear();

            ask(client, "Range: bytes=0-1,90000-90009");
            next(opened).awaited().growTo(10);
            assertThat(client.head().status()).isEqualTo(200);
            next(opened).growTo(BYTES.length);
            assertThat(client.exactly(BYTES.length)).isEqualTo(BYTES);
            opened.clear();

            ask(client, "Range: bytes=200000-");
            next(opened).awaited().growTo(10);
            assertThat(client.response(false).status()).isEqualTo(416);
            assertThat(next(opened).timesClosed()).isEqualTo(1);
        }
    }

    @Test
    void who_leaves_while_he_waits_leaves_nothing_open() throws IOException {
        Queue<TestBlob> opened = new ConcurrentLinkedQueue<>();
        try (TestServer server = TestServer.serving(new OneBlob(() -> opened(opened)))) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = server.client()) {
                    ask(client);
                    next(opened).awaited();
                }
                TestBlob left = opened.remove();
                if (i % 2 == 0) {
                    left.growTo(BYTES.length);
                } else {
                    left.fail(unavailable(ErrorCode.UNAVAILABLE));
                }
                assertThat(left.timesClosed()).isEqualTo(1);
            }
        }
    }

    /** Half of them wait for the first byte, half for more of what they were promised. */
    @Test
    void a_thousand_who_wait_hold_no_thread() throws IOException {
        Queue<TestBlob> opened = new ConcurrentLinkedQueue<>();
        List<RawClient> crowd = new ArrayList<>();
        try (TestServer server = TestServer.serving(new OneBlob(() -> opened(opened)));
                RawClient other = server.client()) {
            for (int i = 0; i < CROWD; i++) {
                RawClient client = server.client();
                crowd.add(client);
                ask(client);
            }
            List<TestBlob> waitedFor = new ArrayList<>();
            while (waitedFor.size() < CROWD) {
                waitedFor.add(next(opened).awaited());
                opened.remove();
            }
            for (int i = 0; i < CROWD; i += 2) {
                waitedFor.get(i).growTo(1 + i);
                waitedFor.get(i).awaited();
            }
            ask(other);
            next(opened).growTo(BYTES.length);
            assertThat(other.response(false).body()).isEqualTo(BYTES);
            waitedFor.forEach(each -> each.growTo(BYTES.length));
            for (RawClient client : crowd) {
                assertThat(client.response(false).body()).isEqualTo(BYTES);
            }
            waitedFor.forEach(each -> assertThat(each.timesClosed()).isEqualTo(1));
        } finally {
            for (RawClient client : crowd) {
                client.close();
            }
        }
    }

    private static Blob opened(Queue<TestBlob> opened) {
        TestBlob made = TestBlob.streamed(BYTES);
        opened.add(made);
        return made;
    }

    /** The first that is opened and not yet taken. */
    private static TestBlob next(Queue<TestBlob> opened) {
        TestBlob first = opened.peek();
        while (first == null) {
            Thread.onSpinWait();
            first = opened.peek();
        }
        return first;
    }
}
