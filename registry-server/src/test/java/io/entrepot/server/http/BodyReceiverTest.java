package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BodyReceiverTest {
    private TestServer server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.hosted();
        client = new RawClient(server.address());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private static byte[] random(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static String digest(byte[] bytes) {
        return Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(bytes)).toString();
    }

    private static String begin(RawClient client) throws IOException {
        return client.exchange("POST", "/v2/a/blobs/uploads/")
                .header("Location")
                .orElseThrow();
    }

    private void assertHeld(byte[] blob) throws IOException {
        RawClient.Response response = client.exchange("GET", "/v2/a/blobs/" + digest(blob));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(blob);
    }

    @Test
    void bodies_of_any_size_arrive_whole() throws IOException {
        int buffer = Buffers.SIZE;
        for (int size : new int[] {1, 1000, buffer - 1, buffer, buffer + 1, 2 * buffer, 3 * buffer + 5, 9_000_000}) {
            byte[] blob = random(size, size);
            String target = begin(client) + "?digest=" + digest(blob);
            assertThat(client.exchange("PUT", target, blob).status())
                    .as("%s bytes", size)
                    .isEqualTo(201);
            assertHeld(blob);
        }
    }

    @Test
    void a_body_that_trickles_in_arrives_whole() throws IOException, InterruptedException {
        byte[] blob = random(40, 1);
        client.send("POST /v2/a/blobs/uploads/?digest=" + digest(blob)
                + " HTTP/1.1\r\nHost: t\r\nContent-Length: 40\r\n\r\n");
        for (int i = 0; i < blob.length; i++) {
            client.send(Arrays.copyOfRange(blob, i, i + 1));
            Thread.sleep(i % 4 == 0 ? 30 : 1);
        }
        assertThat(client.response(false).status()).isEqualTo(201);
        assertHeld(blob);
    }

    @Test
    void many_who_send_slowly_hold_nobody_up() throws IOException, InterruptedException {
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            RawClient one = new RawClient(server.address());
            slow.add(one);
            one.send("PATCH " + begin(one) + " HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\nx");
        }
        Thread.sleep(100);
        byte[] blob = random(5_000_000, 2);
        assertThat(client.exchange("POST", "/v2/a/blobs/uploads/?digest=" + digest(blob), blob)
                        .status())
                .isEqualTo(201);
        for (RawClient one : slow) {
            one.send(new byte[999]);
            assertThat(one.response(false).header("Range")).contains("0-999");
            one.close();
        }
    }

    @Test
    void whoever_is_cut_off_can_go_on_from_what_was_held() throws IOException, InterruptedException {
        byte[] blob = random(1_000_000, 3);
        String upload = begin(client);
        try (RawClient cut = new RawClient(server.address())) {
            cut.send("PATCH " + upload + " HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n");
            cut.send(Arrays.copyOf(blob, 600_000));
            Thread.sleep(200);
        }
        String range = client.exchange("GET", upload).header("Range").orElseThrow();
        int held = Integer.parseInt(range.substring(2)) + 1;
        assertThat(held).isBetween(1, 600_000);
        byte[] rest = Arrays.copyOfRange(blob, held, blob.length);
        RawClient.Response done = client.exchange(
                "PUT", upload + "?digest=" + digest(blob), rest, "Content-Range: " + held + "-" + (blob.length - 1));
        assertThat(done.status()).isEqualTo(201);
        assertHeld(blob);
    }

    @Test
    void many_can_push_at_once() throws IOException, InterruptedException, ExecutionException {
        ExecutorService clients = Executors.newFixedThreadPool(32);
        try {
            List<Future<byte[]>> pushed = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                int seed = i;
                pushed.add(clients.submit(() -> push(random(700_000 + seed, seed))));
            }
            for (Future<byte[]> each : pushed) {
                assertHeld(each.get());
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private byte[] push(byte[] blob) throws IOException {
        try (RawClient own = new RawClient(server.address())) {
            String upload = begin(own);
            own.send("PATCH " + upload + " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int at = 0; at < blob.length; at += 32768) {
                byte[] chunk = Arrays.copyOfRange(blob, at, Math.min(blob.length, at + 32768));
                own.send(Integer.toHexString(chunk.length) + "\r\n");
                own.send(chunk);
                own.send("\r\n");
            }
            own.send("0\r\n\r\n");
            assertThat(own.response(false).header("Range")).contains("0-" + (blob.length - 1));
            assertThat(own.exchange("PUT", upload + "?digest=" + digest(blob)).status())
                    .isEqualTo(201);
            return blob;
        }
    }

    @Test
    void a_client_that_asks_before_it_sends_is_told_to_go_on() throws IOException {
        byte[] blob = "hello".getBytes(StandardCharsets.US_ASCII);
        client.send("POST /v2/a/blobs/uploads/?digest=" + digest(blob)
                + " HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(100);
        client.send(blob);
        assertThat(client.response(false).status()).isEqualTo(201);
    }

    @Test
    void a_client_that_asks_before_it_sends_is_refused_before_it_has_sent() throws IOException {
        client.send("PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: t\r\nContent-Length: 5000000\r\n"
                + "Expect: 100-continue\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(413);
    }

    @Test
    void a_manifest_of_four_mebibytes_is_read_and_one_byte_more_is_refused_whatever_it_says() throws IOException {
        byte[] most = new byte[4 << 20];
        Arrays.fill(most, (byte) ' ');
        RawClient.Response read = client.exchange("PUT", "/v2/a/manifests/v1", most);
        assertThat(read.status()).isEqualTo(400);
        assertThat(read.text()).contains("MANIFEST_INVALID");
        client.send("PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n400001\r\n");
        client.send(most);
        client.send(" \r\n0\r\n\r\n");
        RawClient.Response refused = client.response(false);
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.text()).contains("SIZE_INVALID");
    }

    @Test
    void a_request_that_goes_on_with_an_upload_ends_the_one_that_was_at_it() throws IOException, InterruptedException {
        byte[] blob = random(5000, 4);
        String upload = begin(client);
        try (RawClient stuck = new RawClient(server.address())) {
            stuck.send("PATCH " + upload + " HTTP/1.1\r\nHost: t\r\nContent-Length: 5000\r\n\r\n");
            stuck.send(Arrays.copyOf(blob, 2000));
            Thread.sleep(200);
            byte[] rest = Arrays.copyOfRange(blob, 2000, 5000);
            assertThat(client.exchange("PUT", upload + "?digest=" + digest(blob), rest)
                            .status())
                    .isEqualTo(201);
            stuck.send(new byte[3000]);
            assertThat(stuck.response(false).status()).isEqualTo(404);
        }
        assertHeld(blob);
    }
}
