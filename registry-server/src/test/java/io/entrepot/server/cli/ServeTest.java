package io.entrepot.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.testkit.SmallDisk;
import io.entrepot.server.PushedArtifact;
import io.entrepot.server.RegistryServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code entrepot serve} as somebody sees it who starts it from a shell. */
class ServeTest {
    @TempDir
    Path folder;

    @Test
    void a_port_that_is_taken_is_refused_with_the_name_of_who_has_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            String sentence =
                    refusal(5, "serve", "--set", "access.open=true", "--data", data().toString(), "--port", port);

            assertThat(sentence)
                    .startsWith("Cannot listen on 127.0.0.1:" + port)
                    .contains("another port");
            if (Files.isDirectory(Path.of("/proc/net"))) {
                assertThat(sentence)
                        .endsWith("(it is java, process "
                                + ProcessHandle.current().pid() + ").\n");
            }
        }
    }

    @Test
    void a_folder_that_another_process_uses_is_refused() throws Exception {
        try (RegistryServer other =
                RegistryServer.at(data()).set("access.open", "true").port(0).start()) {
            assertThat(other.port()).isPositive();
            assertThat(refusal(1, "serve", "--set", "access.open=true", "--data", data().toString(), "--port", "0"))
                    .contains(data().toRealPath().toString());
        }
    }

    @Test
    void a_folder_in_a_newer_format_is_refused() throws Exception {
        RegistryServer.at(data()).set("access.open", "true").port(0).start().close();
        Files.writeString(data().resolve("format"), "99\n");

        assertThat(refusal(1, "serve", "--set", "access.open=true", "--data", data().toString(), "--port", "0"))
                .contains(data().toRealPath().toString())
                .contains("format 99", "start the version that wrote it");
    }

    @Test
    void a_place_where_no_folder_can_be_is_refused() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(refusal(
                        1,
                        "serve",
                        "--set",
                        "access.open=true",
                        "--data",
                        file.resolve("data").toString(),
                        "--port",
                        "0"))
                .contains("The data folder")
                .contains("choose another folder");
    }

    @Test
    void a_read_only_disk_is_refused_new_or_with_data() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(Files.createDirectory(folder.resolve("disk")), "size=32m")) {
            String used = disk.path().resolve("used").toString();
            try (ForkedEntrepot entrepot =
                    ForkedEntrepot.start(folder, "serve", "--set", "access.open=true", "--data", used, "--port", "0")) {
                entrepot.ready();
                entrepot.terminate();
                assertThat(entrepot.exitCode()).isZero();
            }
            disk.makeReadOnly();
            String fresh = disk.path().resolve("fresh").toString();
            assertThat(refusal(1, "serve", "--set", "access.open=true", "--data", used, "--port", "0"))
                    .contains(used)
                    .containsIgnoringCase("read-only");
            assertThat(refusal(1, "serve", "--set", "access.open=true", "--data", fresh, "--port", "0"))
                    .contains(fresh)
                    .containsIgnoringCase("read-only");
        }
    }

    @Test
    void a_mistake_in_the_settings_is_refused() throws Exception {
        assertThat(refusal(2, "serve", "--set", "server.prot=1"))
                .isEqualTo("--set server.prot: server.prot is not a setting; did you mean server.port?\n");
    }

    @Test
    void a_stop_under_load_loses_nothing_that_was_acknowledged() throws Exception {
        Map<String, PushedArtifact> acknowledged = new ConcurrentHashMap<>();
        AtomicBoolean stopped = new AtomicBoolean();
        ExecutorService pushers = Executors.newFixedThreadPool(4);
        try (ForkedEntrepot entrepot = serve()) {
            URI url = entrepot.ready();
            for (int i = 0; i < 4; i++) {
                String repository = "load/" + i;
                pushers.execute(() -> push(url, repository, stopped, acknowledged));
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (acknowledged.size() < 40 && System.nanoTime() < deadline) {
                Thread.sleep(10);
            }
            entrepot.terminate();
            assertThat(entrepot.exitCode()).isZero();
        } finally {
            stopped.set(true);
            pushers.shutdown();
            assertThat(pushers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(40);

        try (ForkedEntrepot entrepot = serve()) {
            URI url = entrepot.ready();
            for (Map.Entry<String, PushedArtifact> one : acknowledged.entrySet()) {
                String repository = one.getKey().substring(0, one.getKey().indexOf(':'));
                String tag = one.getKey().substring(one.getKey().indexOf(':') + 1);
                var answer = PushedArtifact.answer(url, "/v2/" + repository + "/manifests/" + tag);
                assertThat(answer.headers().firstValue("Docker-Content-Digest"))
                        .contains(one.getValue().manifest().toString());
                assertThat(PushedArtifact.get(
                                url,
                                "/v2/" + repository + "/blobs/" + one.getValue().layer()))
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo(one.getKey());
            }
        }
    }

    private static void push(
            URI url, String repository, AtomicBoolean stopped, Map<String, PushedArtifact> acknowledged) {
        for (int n = 0; !stopped.get(); n++) {
            String name = repository + ":v" + n;
            try {
                acknowledged.put(
                        name, PushedArtifact.push(url, repository, "v" + n, name.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                // Not acknowledged: the server is stopping or gone.
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Test
    void a_stopping_server_says_that_it_is_not_ready_and_finishes_what_has_begun() throws Exception {
        byte[] body = "slow but sure".getBytes(StandardCharsets.UTF_8);
        try (ForkedEntrepot entrepot = serve()) {
            URI url = entrepot.ready();
            try (Socket slow = slowUpload(url, body.length)) {
                OutputStream out = slow.getOutputStream();
                out.write(body, 0, 4);
                Thread.sleep(200);
                entrepot.terminate();
                int status = 200;
                for (int i = 0; i < 500 && status == 200; i++) {
                    status = PushedArtifact.answer(url, "/readyz").statusCode();
                    Thread.sleep(10);
                }
                assertThat(status).isEqualTo(503);
                assertThat(PushedArtifact.answer(url, "/v2/").statusCode()).isEqualTo(503);

                out.write(body, 4, body.length - 4);
                assertThat(new String(slow.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 202");
            }
            assertThat(entrepot.exitCode()).isZero();
        }
    }

    @Test
    void a_second_signal_ends_it_at_once() throws Exception {
        try (ForkedEntrepot entrepot = serve()) {
            URI url = entrepot.ready();
            try (Socket slow = slowUpload(url, 1000)) {
                slow.getOutputStream().write(1);
                Thread.sleep(200);
                entrepot.terminate();
                Thread.sleep(500);
                assertThat(entrepot.running()).isTrue();
                entrepot.terminate();
                assertThat(entrepot.exitCode()).isEqualTo(143);
            }
        }
    }

    /** Has sent the headers of a PATCH. */
    private static Socket slowUpload(URI url, int length) throws Exception {
        var post = java.net.http.HttpRequest.newBuilder(url.resolve("/v2/slow/blobs/uploads/"))
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                .build();
        String location = java.net.http.HttpClient.newHttpClient()
                .send(post, java.net.http.HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.getOutputStream()
                .write(("PATCH " + location + " HTTP/1.1\r\nHost: " + url.getAuthority()
                                + "\r\nContent-Type: application/octet-stream\r\nContent-Length: " + length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private ForkedEntrepot serve() throws IOException {
        return ForkedEntrepot.start(
                folder, "serve", "--set", "access.open=true", "--data", data().toString(), "--port", "0");
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** What it says instead of starting: one line, nothing of a stack trace, and nothing where answers go. */
    private String refusal(int exitCode, String... arguments) throws Exception {
        try (ForkedEntrepot entrepot = ForkedEntrepot.start(folder, arguments)) {
            assertThat(entrepot.exitCode()).isEqualTo(exitCode);
            assertThat(entrepot.out()).isEmpty();
            assertThat(entrepot.err()).hasLineCount(1);
            return entrepot.err();
        }
    }
}
