package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.User;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server with accounts: its first start, what a stranger hears from it, and ports that come and go. */
class AccountsServerTest {
    private static final String PASSWORD = "pigeons-are-cross";

    @TempDir
    Path folder;

    /** Else a few strangers who send slowly would fill the memory that everybody's manifests go through. */
    @Test
    void a_manifest_of_one_who_may_not_push_is_not_waited_for() throws Exception {
        String head = "PUT /v2/team/app/manifests/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\n{";
        try (RegistryServer server =
                        RegistryServer.inMemory().user("admin", PASSWORD).start();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(head.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] status = socket.getInputStream().readNBytes(12);
            assertThat(new String(status, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void a_first_start_makes_up_a_password_that_is_in_a_file_until_it_is_changed() throws Exception {
        Path data = folder.resolve("data");
        Path file = data.resolve("initial-admin-password");
        String password;
        try (RegistryServer server = start(data)) {
            password = server.initialPassword().orElseThrow();
            assertThat(Files.readString(file).strip()).isEqualTo(password);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(new Visits(server.port()).status("GET", "/v2/", Visits.basic("admin", password)))
                    .isEqualTo(200);
        }
        try (RegistryServer server = start(data)) {
            assertThat(server.initialPassword()).isEmpty();
            assertThat(file).exists();
            User unused =
                    server.access().orElseThrow().accounts().setPassword(Accounts.system(), "admin", PASSWORD, false);
            for (int i = 0; i < 100 && Files.exists(file); i++) {
                Thread.sleep(100);
            }
            assertThat(file).doesNotExist();
            Visits visits = new Visits(server.port());
            assertThat(visits.status("GET", "/v2/", Visits.basic("admin", password)))
                    .isEqualTo(401);
            assertThat(visits.status("GET", "/v2/", Visits.basic("admin", PASSWORD)))
                    .isEqualTo(200);
        }
    }

    @Test
    void a_password_that_is_given_is_taken_at_the_first_start_only_and_stands_nowhere() throws Exception {
        Path data = folder.resolve("data");
        try (RegistryServer server =
                at(data).set("access.adminPassword", PASSWORD).start()) {
            assertThat(server.initialPassword()).isEmpty();
        }
        try (RegistryServer server =
                at(data).set("access.adminPassword", "another-horse").start()) {
            assertThat(new Visits(server.port()).status("GET", "/v2/", Visits.basic("admin", PASSWORD)))
                    .isEqualTo(200);
        }
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(PASSWORD);
            }
        }
        assertThatThrownBy(() -> at(folder.resolve("other"))
                        .set("access.adminPassword", "admin123")
                        .start())
                .isInstanceOf(StartException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/livez, 200",
        "/readyz, 200",
        "/.well-known/jwks.json, 200",
        "/login, 200",
        "/v2, 401",
        "/v2/, 401",
        "/v2/_catalog, 401",
        "/v2/_oci/ext/discover, 401",
        "/v2/a/tags/list, 401",
        "/v2/a/manifests/v1, 401",
        "/v2/a/_oci/ext/discover, 401",
        "/v2/a/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000, 401",
        "/v2/a/referrers/sha256:0000000000000000000000000000000000000000000000000000000000000000, 401",
        "/v2/a/blobs/uploads/00000000-0000-0000-0000-000000000000, 401",
        "/v2/token, 401",
        "/api/v1/users, 401",
        "/api/v1/nothing, 401",
        "/api/v1, 401",
        "/v1/_ping, 404",
        "/, 404",
        "/ui/, 404",
        "/metrics, 404"
    })
    void a_stranger_gets_no_further_than_this(String path, int expected) throws Exception {
        try (RegistryServer server =
                RegistryServer.inMemory().user("root", PASSWORD).start()) {
            Visits visits = new Visits(server.port());
            assertThat(visits.status("GET", path, "")).isEqualTo(expected);
            for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
                Visits.Answer answer = visits.ask(method, path, "");
                assertThat(answer.status()).as(method + " " + path).isIn(400, 401, 403, 404, 405);
                // A browser's login page has a form instead of a challenge.
                assertThat(answer.header("www-authenticate").isPresent())
                        .isEqualTo(answer.status() == 401 && !path.equals("/login"));
            }
            assertThat(visits.status("OPTIONS", path, "")).isIn(204, 404);
        }
    }

    @Test
    void a_registrys_port_opens_and_closes_while_others_are_used() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try (RegistryServer server = RegistryServer.inMemory()
                .user("root", PASSWORD)
                .set("server.main", "private")
                .set("registries.private.type", "hosted")
                .set("registries.lab.type", "hosted")
                .start()) {
            AtomicBoolean end = new AtomicBoolean();
            Visits main = new Visits(server.port());
            String shown = Visits.basic("root", PASSWORD);
            List<Future<Integer>> traffic = java.util.stream.IntStream.range(0, 4)
                    .mapToObj(i -> clients.submit(() -> {
                        int good = 0;
                        while (!end.get()) {
                            assertThat(main.status("GET", "/v2/", shown)).isEqualTo(200);
                            good++;
                        }
                        return good;
                    }))
                    .toList();
            for (int i = 0; i < 10; i++) {
                int port = server.openPort("lab", 0);
                assertThat(new Visits(port).status("GET", "/v2/", shown)).isEqualTo(200);
                assertThat(new Visits(port).status("GET", "/v2/", "")).isEqualTo(401);
                server.closePort(port);
                // The system lets go of it when the selector has seen that it is closed.
                assertThat(isGoneSoon(port)).isTrue();
            }
            end.set(true);
            for (Future<Integer> client : traffic) {
                assertThat(client.get(20, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static boolean isGoneSoon(int port) throws Exception {
        for (int i = 0; i < 100; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
            } catch (ConnectException e) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }

    private static RegistryServer.Builder at(Path data) {
        return RegistryServer.at(data).bind("127.0.0.1").port(0);
    }

    private static RegistryServer start(Path data) {
        return at(data).start();
    }
}
