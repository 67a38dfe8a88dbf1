package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Registry;
import io.entrepot.core.testkit.Seed;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobSenderTest {
    private static final int SIZE = 5_000_003;
    private static final byte[] BYTES = random(SIZE);

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path folder;

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    TestServer serving(Registry registry) {
        return TestServer.serving(registry);
    }

    private TestBlob blob(boolean inFile) {
        return inFile ? TestBlob.inFile(BYTES, folder.resolve("blob")) : TestBlob.streamed(BYTES);
    }

    private static String path(TestBlob blob) {
        return "/v2/a/blobs/" + blob.digest();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_large_blob_arrives_whole_and_is_closed_once(boolean inFile) throws IOException {
        TestBlob blob = blob(inFile).growTo(SIZE);
        try (TestServer server = serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            RawClient.Response response = client.exchange("GET", path(blob));
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(BYTES);
            assertThat(client.exchange("GET", "/v2/").status()).isEqualTo(200);
            assertClosedOnce(blob);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void several_ranges_arrive_in_the_order_in_which_they_were_asked_for(boolean inFile) throws IOException {
        TestBlob blob = blob(inFile).growTo(SIZE);
        try (TestServer server = serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            RawClient.Response response =
                    client.exchange("GET", path(blob), "Range: bytes=4000000-4999999,0-1500000,-1");
            assertThat(response.status()).isEqualTo(206);
            List<byte[]> parts = Multipart.parts(response);
            assertThat(parts.get(0)).isEqualTo(Arrays.copyOfRange(BYTES, 4_000_000, 5_000_000));
            assertThat(parts.get(1)).isEqualTo(Arrays.copyOfRange(BYTES, 0, 1_500_001));
            assertThat(parts.get(2)).isEqualTo(Arrays.copyOfRange(BYTES, SIZE - 1, SIZE));
            assertThat(parts).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_blob_that_still_comes_is_sent_as_it_comes(boolean inFile) throws IOException {
        TestBlob blob = blob(inFile);
        try (TestServer server = serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            client.send("GET " + path(blob) + " HTTP/1.1\r\nHost: t\r\n\r\n");
            blob.growTo(1);
            assertThat(client.head().header("Content-Length")).contains(Integer.toString(SIZE));
            int at = 0;
            for (int end : new int[] {1, 1000, 100_000, 3_000_000, SIZE}) {
                blob.growTo(end);
                assertThat(client.exactly(end - at)).isEqualTo(Arrays.copyOfRange(BYTES, at, end));
                at = end;
            }
            assertClosedOnce(blob);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_range_of_a_blob_that_still_comes_waits_for_it(boolean inFile) throws IOException {
        TestBlob blob = blob(inFile);
        try (TestServer server = serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            client.send("GET " + path(blob) + " HTTP/1.1\r\nHost: t\r\nRange: bytes=1000-1999\r\n\r\n");
            blob.growTo(1);
            assertThat(client.head().status()).isEqualTo(206);
            blob.growTo(1500);
            assertThat(client.exactly(500)).isEqualTo(Arrays.copyOfRange(BYTES, 1000, 1500));
            blob.growTo(3000);
            assertThat(client.exactly(500)).isEqualTo(Arrays.copyOfRange(BYTES, 1500, 2000));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_held_back_until_the_digest_holds_is_waited_for_and_never_sent_if_it_does_not(boolean inFile)
            throws IOException {
        int judged = SIZE - (64 << 10);
        TestBlob blob = blob(inFile).growTo(judged);
        try (TestServer server = serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            client.send("GET " + path(blob) + " HTTP/1.1\r\nHost: t\r\n\r\n");
            client.head();
            assertThat(client.exactly(judged)).isEqualTo(Arrays.copyOf(BYTES, judged));
            blob.awaited().fail();
            assertThatThrownBy(() -> client.exactly(1)).isInstanceOf(IOException.class);
            assertClosedOnce(blob);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_blob_that_fails_never_looks_complete(boolean inFile) throws IOException {
        TestBlob blob = blob(inFile).growTo(700_000);
        try (TestServer server = serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            client.send("GET " + path(blob) + " HTTP/1.1\r\nHost: t\r\n\r\n");
            client.head();
            client.exactly(700_000);
            blob.fail();
            assertThatThrownBy(() -> client.exactly(1)).isInstanceOfAny(EOFException.class, IOException.class);
            assertClosedOnce(blob);
        }
    }

    @Test
    void a_file_that_is_shorter_than_its_blob_never_looks_complete() throws IOException {
        TestBlob blob = blob(true).growTo(SIZE);
        blob.cut(folder.resolve("blob"), 400_000);
        try (TestServer server = serving(new OneBlob(() -> blob));
                RawClient client = server.client()) {
            client.send("GET " + path(blob) + " HTTP/1.1\r\nHost: t\r\n\r\n");
            client.head();
            client.exactly(400_000);
            assertThatThrownBy(() -> client.exactly(1)).isInstanceOf(IOException.class);
            assertClosedOnce(blob);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clients_that_leave_in_the_middle_leave_nothing_open(boolean inFile) throws IOException {
        List<TestBlob> blobs = new ArrayList<>();
        Random random = seed.random();
        try (TestServer server = serving(new OneBlob(() -> {
            TestBlob blob =
                    inFile ? TestBlob.inFile(BYTES, folder.resolve("blob" + blobs.size())) : TestBlob.streamed(BYTES);
            synchronized (blobs) {
                blobs.add(blob.growTo(SIZE));
            }
            return blob;
        }))) {
            String path = path(blob(false));
            for (int i = 0; i < 50; i++) {
                try (RawClient client = server.client()) {
                    client.send("GET " + path + " HTTP/1.1\r\nHost: t\r\n\r\n");
                    client.head();
                    client.exactly(random.nextInt(100_000));
                }
            }
            synchronized (blobs) {
                assertThat(blobs).hasSize(50);
                blobs.forEach(BlobSenderTest::assertClosedOnce);
            }
        }
    }

    @Test
    void clients_that_do_not_read_hold_no_thread() throws IOException {
        List<RawClient> idle = new ArrayList<>();
        try (TestServer server = serving(new OneBlob(() -> TestBlob.inFile(BYTES, folder.resolve("b" + idle.size()))
                        .growTo(SIZE)));
                RawClient client = server.client()) {
            String path = path(blob(false));
            for (int i = 0; i < 60; i++) {
                RawClient waiting = server.client();
                idle.add(waiting);
                waiting.send("GET " + path + " HTTP/1.1\r\nHost: t\r\n\r\n");
                waiting.head();
            }
            assertThat(client.exchange("GET", path).body()).isEqualTo(BYTES);
            for (RawClient waiting : idle) {
                assertThat(waiting.exactly(SIZE)).isEqualTo(BYTES);
                waiting.close();
            }
        }
    }

    private static void assertClosedOnce(TestBlob blob) {
        assertThat(blob.timesClosed()).isEqualTo(1);
    }
}
