package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.entrepot.server.admin.ControlFile;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /api/v1} of a server that runs, over its main connector and over the door for commands. */
class AdministrationTest {
    private static final String PASSWORD = "correct-horse-9";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private RegistryServer server;

    @BeforeEach
    void start() {
        server = RegistryServer.at(folder)
                .user("root", PASSWORD)
                .bind("127.0.0.1")
                .port(0)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void who_does_not_log_in_is_asked_to_and_learns_nothing() throws Exception {
        for (String path : List.of("/me", "/users", "/users/root", "/no/such/path", "")) {
            HttpResponse<String> answer = send(request("GET", path, ""));
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(1);
        }
        HttpResponse<String> wrong = send(as("root", "wrong", request("GET", "/me", "")));
        assertThat(wrong.statusCode()).isEqualTo(401);
    }

    @Test
    void who_guesses_at_his_own_password_holds_up_no_push() throws Exception {
        assertThat(send(as("root", PASSWORD, request("GET", "/me", ""))).statusCode())
                .isEqualTo(200);
        List<CompletableFuture<HttpResponse<String>>> guesses = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String body = "{'old':'wrong" + i + "','password':'battery staple'}";
            guesses.add(http.sendAsync(
                    as("root", PASSWORD, request("PUT", "/me/password", body.replace('\'', '"')))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        guesses.get(0).join();
        String upload = "/v2/app/blobs/uploads/?from=other&mount=sha256:" + "0".repeat(64);
        HttpRequest.Builder push =
                HttpRequest.newBuilder(server.url().resolve(upload)).POST(HttpRequest.BodyPublishers.noBody());

        assertThat(send(as("root", PASSWORD, push)).statusCode()).isEqualTo(202);
        assertThat(guesses).filteredOn(CompletableFuture::isDone).hasSizeLessThan(100);
        CompletableFuture.allOf(guesses.toArray(CompletableFuture[]::new)).join();
    }

    @Test
    void what_a_stranger_sends_is_not_waited_for() throws Exception {
        String head = "POST /api/v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 200000\r\n\r\n{";
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            byte[] status = socket.getInputStream().readNBytes(12);
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void users_roles_and_keys_are_administered_and_work_at_once() throws Exception {
        assertThat(root("GET", "/me", "").body()).contains("\"id\":\"local/root\"", "users");
        HttpResponse<String> made = root("POST", "/users", "{\"name\":\"alice\",\"roles\":[\"developer\"]}");
        assertThat(made.statusCode()).isEqualTo(201);
        String password = json(made).get("password").getAsString();
        HttpResponse<String> mine = send(as("alice", password, request("POST", "/me/keys", "{\"label\":\"ci\"}")));
        String key = json(mine).get("secret").getAsString();

        assertThat(status("alice", password, "/v2/")).isEqualTo(200);
        assertThat(status("alice", key, "/v2/")).isEqualTo(200);
        assertThat(status("alice", password, "/api/v1/users")).isEqualTo(403);
        assertThat(root("PATCH", "/users/alice", "{\"enabled\":false}").statusCode())
                .isEqualTo(200);
        assertThat(status("alice", password, "/v2/")).isEqualTo(401);
        assertThat(status("alice", key, "/v2/")).isEqualTo(401);
    }

    @Test
    void only_json_of_a_bounded_length_is_taken() throws Exception {
        HttpRequest.Builder form =
                builder("POST", "/users", "name=eve").setHeader("Content-Type", "application/x-www-form-urlencoded");
        assertThat(send(as("root", PASSWORD, form)).statusCode()).isEqualTo(415);
        String long_ = "{\"name\":\"" + "x".repeat(300 << 10) + "\"}";
        assertThat(root("POST", "/users", long_).statusCode()).isEqualTo(413);
        HttpResponse<String> odd = root("POST", "/users", "{\"name\":\"eve\",\"securityVersion\":0}");
        assertThat(odd.statusCode()).isEqualTo(400);
        assertThat(odd.body()).contains("\"detail\":\"securityVersion\"");
        HttpResponse<String> method = root("PUT", "/users", "{}");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().allValues("Allow")).containsExactly("GET, POST");
    }

    @Test
    void answers_are_stored_by_nobody_and_shown_as_nothing_else() throws Exception {
        HttpResponse<String> answer = root("GET", "/users", "");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void the_door_for_commands_opens_to_its_token_only_and_leads_nowhere_else() throws Exception {
        ControlFile control = ControlFile.read(folder).orElseThrow();
        URI users = control.url().resolve("/api/v1/users");
        assertThat(control.url().getHost()).isEqualTo("127.0.0.1");

        assertThat(bearer(users, control.token()).statusCode()).isEqualTo(200);
        assertThat(bearer(users, control.token() + "x").statusCode()).isEqualTo(401);
        assertThat(bearer(users, "").statusCode()).isEqualTo(401);
        assertThat(send(as("root", PASSWORD, HttpRequest.newBuilder(users))).statusCode())
                .isEqualTo(401);
        assertThat(bearer(control.url().resolve("/v2/"), control.token()).statusCode())
                .isEqualTo(404);
        assertThat(bearer(server.url().resolve("/api/v1/users"), control.token())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void signing_keys_rotate_and_what_was_done_is_in_the_audit_log() throws Exception {
        String before = root("GET", "/keys", "").body();
        assertThat(before).contains("\"state\":\"active\"").doesNotContain("\"d\"");
        assertThat(root("POST", "/keys/rotate", "{}").statusCode()).isEqualTo(200);
        assertThat(root("GET", "/keys", "").body()).isNotEqualTo(before);
        assertThat(root("POST", "/users", "{\"name\":\"alice\"}").statusCode()).isEqualTo(201);

        String log = root("GET", "/audit?n=20", "").body();
        assertThat(log).contains("\"action\":\"user.create\"", "local/root", "\"target\":\"alice\"", "key.rotate");
        assertThat(root("GET", "/audit?n=0", "").statusCode()).isEqualTo(400);
    }

    @Test
    void what_is_secret_stands_in_no_file_and_no_later_answer() throws Exception {
        List<String> secrets = new ArrayList<>(List.of(PASSWORD, "canary-in-a-body-1"));
        root("POST", "/users", "{\"name\":\"bob\",\"password\":\"canary-in-a-body-1\"}");
        JsonObject alice = json(root("POST", "/users", "{\"name\":\"alice\"}"));
        secrets.add(alice.get("password").getAsString());
        secrets.add(
                json(root("PUT", "/users/alice/password", "{}")).get("password").getAsString());
        secrets.add(json(root("POST", "/users/alice/keys", "{}")).get("secret").getAsString());

        List<String> seen = new ArrayList<>();
        for (String path : List.of(
                "/me", "/me/keys", "/users", "/users/alice", "/users/alice/keys", "/roles", "/audit", "/keys")) {
            seen.add(root("GET", path, "").body());
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                seen.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(seen).allSatisfy(text -> assertThat(secrets).noneMatch(text::contains));
    }

    private HttpResponse<String> root(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(as("root", PASSWORD, builder(method, path, body)));
    }

    private HttpRequest.Builder request(String method, String path, String body) {
        return builder(method, path, body);
    }

    private HttpRequest.Builder builder(String method, String path, String body) {
        return HttpRequest.newBuilder(server.url().resolve("/api/v1" + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
    }

    private int status(String user, String secret, String path) throws IOException, InterruptedException {
        return send(as(user, secret, HttpRequest.newBuilder(server.url().resolve(path))))
                .statusCode();
    }

    private HttpResponse<String> bearer(URI url, String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(url).header("Authorization", "Bearer " + token));
    }

    private static HttpRequest.Builder as(String user, String secret, HttpRequest.Builder request) {
        byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject json(HttpResponse<String> answer) {
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }
}
