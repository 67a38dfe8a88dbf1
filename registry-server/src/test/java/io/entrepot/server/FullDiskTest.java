package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Digest;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.testkit.SmallDisk;
import io.entrepot.core.testkit.Threads;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose disk is full says so to pushers and to nobody else, loses nothing that it acknowledged, and takes pushes
 * again by itself as soon as there is room.
 */
@Timeout(120)
class FullDiskTest {
    private static final String REPOSITORY = "team/app";
    private static final int MEBIBYTE = 1 << 20;
    /** The collector comes every few seconds. */
    private static final long RECOVERY_MILLIS = 30_000;

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger pushed = new AtomicInteger();

    @Test
    void deleting_blobs_makes_room_at_once() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, "size=48m");
                RegistryServer server = with(disk, "8MiB").start()) {
            PushedArtifact kept = PushedArtifact.push(
                    server.url(), REPOSITORY, "v1", content(MEBIBYTE).bytes());
            List<Content> acknowledged = fill(server, MEBIBYTE);
            assertReadable(server, kept, acknowledged);

            List<Content> half = acknowledged.subList(0, acknowledged.size() / 2);
            for (Content content : half) {
                assertThat(delete(server, "blobs/" + content.digest())).isEqualTo(202);
            }
            awaitPush(server, content(2 * MEBIBYTE));
            assertReadable(server, kept, acknowledged.subList(half.size(), acknowledged.size()));
        }
    }

    @Test
    void deleting_an_image_makes_room_when_nobody_counts_on_its_blobs_any_more() throws Exception {
        SettableClock clock = new SettableClock(Instant.now());
        try (SmallDisk disk = SmallDisk.mount(folder, "size=48m");
                RegistryServer server = with(disk, "8MiB").start(clock)) {
            PushedArtifact large = PushedArtifact.push(
                    server.url(), REPOSITORY, "v1", content(16 * MEBIBYTE).bytes());
            List<Content> acknowledged = fill(server, 4 * MEBIBYTE);
            PushedArtifact last = small(server, "last");

            assertThat(delete(server, "manifests/" + large.manifest())).isEqualTo(202);
            clock.advance(Duration.ofMinutes(31));
            // Whoever asks for a blob meanwhile counts on it anew.
            assertThat(head(server, "blobs/" + acknowledged.get(0).digest())).isEqualTo(200);
            clock.advance(Duration.ofMinutes(31));
            awaitPush(server, content(8 * MEBIBYTE));
            assertReadable(server, last, acknowledged.subList(0, 1));
        }
    }

    @Test
    void room_that_somebody_else_makes_is_room_and_an_upload_goes_on_where_it_was() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, "size=48m");
                RegistryServer server = with(disk, "8MiB").start()) {
            Path ballast = ballast(disk, 16 * MEBIBYTE);
            PushedArtifact kept = PushedArtifact.push(
                    server.url(), REPOSITORY, "v1", content(MEBIBYTE).bytes());
            Content large = content(24 * MEBIBYTE);
            URI upload = begin(server);
            HttpResponse<String> refused = send(server, "PATCH", upload, large.bytes());
            assertFull(refused);
            int held = held(upload);
            assertThat(held).isBetween(MEBIBYTE, 23 * MEBIBYTE);
            assertReadable(server, kept, List.of());

            Files.delete(ballast);
            Thread.sleep(1_100); // The disk is asked once a second.
            HttpResponse<String> rest =
                    send(server, "PUT", withDigest(upload, large.digest()), large.bytes(held, large.size()));
            assertThat(rest.statusCode()).as(rest.body()).isEqualTo(201);
            assertReadable(server, kept, List.of(large));
        }
    }

    @Test
    void a_blob_that_says_that_it_is_too_large_is_refused_before_it_is_sent() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, "size=48m");
                RegistryServer server = with(disk, "8MiB").start()) {
            String request =
                    "POST " + withDigest(path("blobs/uploads/"), content(1).digest()) + " HTTP/1.1\r\nHost: a\r\n"
                            + "Expect: 100-continue\r\nContent-Length: " + 48 * MEBIBYTE + "\r\n\r\n";
            try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 507".length());
                assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 507");
            }
            awaitPush(server, content(MEBIBYTE));
        }
    }

    @Test
    void a_disk_that_can_hold_no_more_files_is_full_and_recovers_too() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, "size=64m,nr_inodes=640");
                RegistryServer server = with(disk, "8MiB").start()) {
            PushedArtifact kept = PushedArtifact.push(
                    server.url(), REPOSITORY, "v1", content(1_000).bytes());
            List<Content> acknowledged = fill(server, 100);
            assertThat(acknowledged).hasSizeGreaterThan(10);
            assertReadable(server, kept, acknowledged);

            List<Content> half = acknowledged.subList(0, acknowledged.size() / 2);
            for (Content content : half) {
                assertThat(delete(server, "blobs/" + content.digest())).isEqualTo(202);
            }
            awaitPush(server, content(100));
            Thread.sleep(2_000); // One push may go as soon as the first file is gone; an image needs several.
            small(server, "after");
            assertReadable(server, kept, acknowledged.subList(half.size(), acknowledged.size()));
        }
    }

    @Test
    void many_who_push_at_once_all_hear_that_it_is_full_and_nothing_else() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, "size=24m");
                RegistryServer server = with(disk, "0").start()) {
            Path ballast = ballast(disk, 8 * MEBIBYTE);
            PushedArtifact kept = small(server, "kept");
            List<Content> acknowledged = Threads.together(8, thread -> fill(server, 50_000 + thread)).stream()
                    .flatMap(List::stream)
                    .toList();
            assertThat(acknowledged).hasSizeGreaterThan(100);
            assertReadable(server, kept, acknowledged);

            Files.delete(ballast);
            awaitPush(server, content(MEBIBYTE));
            PushedArtifact after = small(server, "after");
            assertReadable(server, after, acknowledged);
        }
    }

    @Test
    void a_server_starts_on_a_disk_that_is_full_but_for_the_reserve_and_says_why_not_on_a_fuller_one()
            throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, "size=24m")) {
            RegistryServer.Builder builder = with(disk, "8MiB");
            PushedArtifact kept;
            List<Content> acknowledged;
            try (RegistryServer server = builder.start()) {
                kept = small(server, "kept");
                acknowledged = fill(server, 100_000);
            }
            try (RegistryServer server = builder.start()) {
                // The database took less room after it was closed.
                fill(server, 100_000);
                assertReadable(server, kept, acknowledged);
            }
            Path ballast = ballast(disk, 24 * MEBIBYTE);
            assertThatThrownBy(() -> builder.start().close())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("its disk is full: make room there");
            Files.delete(ballast);
            try (RegistryServer server = builder.start()) {
                assertReadable(server, kept, acknowledged);
            }
        }
    }

    @Test
    void a_database_whose_disk_is_full_loses_nothing_and_recovers_too() throws Exception {
        Path data = Files.createDirectory(folder.resolve("small"));
        try (SmallDisk disk = SmallDisk.mount(data, "size=8m");
                RegistryServer server = RegistryServer.at(disk.path().resolve("data"))
                        .set("access.open", "true")
                        .set("blobStores.default.path", folder.resolve("blobs").toString())
                        .port(0)
                        .start()) {
            PushedArtifact kept = PushedArtifact.push(
                    server.url(), REPOSITORY, "v1", content(1_000).bytes());
            Path ballast = ballast(disk, 8 * MEBIBYTE);

            List<Content> acknowledged = fill(server, 100);
            assertFull(send(server, "DELETE", path("manifests/v1"), new byte[0]));
            assertReadable(server, kept, acknowledged);
            assertThat(head(server, "manifests/v1")).isEqualTo(200);

            Files.delete(ballast);
            PushedArtifact after = small(server, "after");
            assertThat(delete(server, "manifests/v1")).isEqualTo(202);
            assertThat(head(server, "manifests/v1")).isEqualTo(404);
            assertReadable(server, after, acknowledged);
        }
    }

    private static RegistryServer.Builder with(SmallDisk disk, String reserve) {
        return RegistryServer.at(disk.path().resolve("data"))
                .set("access.open", "true")
                .set("blobStores.default.reserve", reserve)
                .port(0);
    }

    /** Pushes blobs until there is no room, and answers those that were acknowledged. */
    private List<Content> fill(RegistryServer server, int size) throws Exception {
        List<Content> acknowledged = new ArrayList<>();
        while (true) {
            Content content = content(size);
            HttpResponse<String> answer = push(server, content);
            if (answer.statusCode() != 201) {
                assertFull(answer);
                assertThat(head(server, "blobs/" + content.digest())).isEqualTo(404);
                return acknowledged;
            }
            acknowledged.add(content);
        }
    }

    private static void assertFull(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .startsWith("{\"errors\":[{\"code\":\"DENIED\",\"message\":\"")
                .contains(" is full");
    }

    private void awaitPush(RegistryServer server, Content content) throws Exception {
        long deadline = System.nanoTime() + RECOVERY_MILLIS * 1_000_000;
        HttpResponse<String> answer = push(server, content);
        while (answer.statusCode() == 507 && System.nanoTime() < deadline) {
            Thread.sleep(100);
            answer = push(server, content);
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertReadable(server, content);
    }

    private void assertReadable(RegistryServer server, PushedArtifact image, List<Content> blobs) throws Exception {
        String manifest = "/v2/" + REPOSITORY + "/manifests/" + image.manifest();
        assertThat(digest(PushedArtifact.get(server.url(), manifest))).isEqualTo(image.manifest());
        String layer = "/v2/" + REPOSITORY + "/blobs/" + image.layer();
        assertThat(digest(PushedArtifact.get(server.url(), layer))).isEqualTo(image.layer());
        for (Content blob : blobs) {
            assertReadable(server, blob);
        }
    }

    private static void assertReadable(RegistryServer server, Content blob) throws Exception {
        assertThat(PushedArtifact.get(server.url(), "/v2/" + REPOSITORY + "/blobs/" + blob.digest()))
                .isEqualTo(blob.bytes());
    }

    /** Of 201 or of whatever came first instead. */
    private HttpResponse<String> push(RegistryServer server, Content content) throws Exception {
        HttpResponse<String> begun = send(server, "POST", path("blobs/uploads/"), new byte[0]);
        if (begun.statusCode() != 202) {
            return begun;
        }
        URI upload = URI.create(begun.headers().firstValue("Location").orElseThrow());
        return send(server, "PUT", withDigest(upload, content.digest()), content.bytes());
    }

    private URI begin(RegistryServer server) throws Exception {
        HttpResponse<String> begun = send(server, "POST", path("blobs/uploads/"), new byte[0]);
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return server.url().resolve(begun.headers().firstValue("Location").orElseThrow());
    }

    private int held(URI upload) throws Exception {
        HttpResponse<String> status = http.send(HttpRequest.newBuilder(upload).build(), BodyHandlers.ofString());
        assertThat(status.statusCode()).isEqualTo(204);
        return Integer.parseInt(
                        status.headers().firstValue("Range").orElseThrow().substring(2))
                + 1;
    }

    private PushedArtifact small(RegistryServer server, String tag) throws Exception {
        return PushedArtifact.push(server.url(), REPOSITORY, tag, tag.getBytes(StandardCharsets.UTF_8));
    }

    private int delete(RegistryServer server, String what) throws Exception {
        return send(server, "DELETE", path(what), new byte[0]).statusCode();
    }

    private int head(RegistryServer server, String what) throws Exception {
        return send(server, "HEAD", path(what), new byte[0]).statusCode();
    }

    private HttpResponse<String> send(RegistryServer server, String method, URI path, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.url().resolve(path))
                .method(method, BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static URI path(String what) {
        return URI.create("/v2/" + REPOSITORY + "/" + what);
    }

    private static URI withDigest(URI upload, Digest digest) {
        return URI.create(upload + (upload.getQuery() == null ? "?" : "&") + "digest=" + digest);
    }

    private static Path ballast(SmallDisk disk, int size) throws IOException {
        Path ballast = disk.path().resolve("ballast");
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            for (int written = 0; written < size; written += block.length) {
                out.write(block);
            }
        } catch (IOException e) {
            // Full to the last byte, as it was meant to be.
        }
        return ballast;
    }

    private Content content(int size) {
        return seed.content(pushed.incrementAndGet(), size);
    }

    private static Digest digest(byte[] bytes) {
        return Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(bytes));
    }
}
