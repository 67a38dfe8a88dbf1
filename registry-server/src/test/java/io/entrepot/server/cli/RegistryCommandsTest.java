package io.entrepot.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.entrepot.server.RegistryServer;
import io.entrepot.server.admin.Answer;
import io.entrepot.server.admin.TestAdmin;
import io.entrepot.server.admin.TestRegistries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands about registries and proxies, against an administration that notes what is done. */
class RegistryCommandsTest {
    private final TestAdmin admin = new TestAdmin();
    private HttpServer http;

    @BeforeEach
    void start() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/api/v1", this::answer);
        http.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String target = exchange.getRequestURI().toString().substring("/api/v1".length());
        Answer answer = admin.system(exchange.getRequestMethod(), target, body);
        byte[] json = answer.json().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), json.length == 0 ? -1 : json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    @AfterEach
    void stop() {
        http.stop(0);
    }

    @Test
    void registries_are_listed_and_shown() {
        assertThat(run("registry", "list").out())
                .containsPattern("(?m)^NAME +KIND +ONLINE +BLOB STORE +URLS$")
                .containsPattern("(?m)^hub +proxy +true +default +https://registry\\.example:5000/hub$");
        assertThat(run("registry", "show", "all").out())
                .containsPattern("(?m)^members +private$")
                .containsPattern("(?m)^ +hub$");
        assertThat(JsonParser.parseString(run("registry", "list", "--json").out())
                        .getAsJsonArray())
                .hasSize(3);

        Ran missing = run("registry", "show", "none");
        assertThat(missing.code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(missing.err()).contains("There is no registry none.");
    }

    @Test
    void the_state_of_a_proxy_is_shown_for_people_and_for_programs() {
        assertThat(run("proxy", "state", "hub").out())
                .containsPattern("(?m)^blocked +false$")
                .containsPattern("(?m)^cache +5\\.0 GiB of 10\\.0 GiB$")
                .containsPattern(
                        "(?m)^registry-1\\.docker\\.io +cooling +.* 10 +2 +4\\.0 KiB +7 of 100 pulls left +conn")
                .containsPattern("(?m)^sha256:a{64} +1\\.0 KiB +2\\.0 KiB +3$");
        assertThat(JsonParser.parseString(run("proxy", "state", "hub", "--json").out())
                        .getAsJsonObject()
                        .get("limitBytes")
                        .getAsLong())
                .isEqualTo(10L << 30);

        Ran hosted = run("proxy", "state", "private");
        assertThat(hosted.code()).isEqualTo(ExitCode.CONFLICT);
        assertThat(hosted.err()).contains("Private is a hosted registry: only a proxy has an upstream and a cache.");
    }

    @Test
    void what_a_command_says_is_done() {
        assertThat(run("proxy", "invalidate", "hub").err()).contains("hub asks its upstream anew about everything.");
        assertThat(run("proxy", "invalidate", "hub", "library/nginx").code()).isZero();
        assertThat(run("proxy", "block", "hub").code()).isZero();
        assertThat(run("proxy", "unblock", "hub").code()).isZero();
        assertThat(run("proxy", "reset", "hub").code()).isZero();
        assertThat(run("proxy", "pin", "hub", "library/nginx:1.27").code()).isZero();
        assertThat(run("proxy", "pins", "hub").out()).containsPattern("(?m)^library/nginx +1\\.27$");
        assertThat(run("proxy", "unpin", "hub", "library/nginx:1.27").code()).isZero();
        assertThat(run("proxy", "unpin", "hub", "library/nginx:1.27").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run("proxy", "pins", "hub").err()).contains("Nothing is pinned in hub.");
        String byDigest = "library/nginx@" + TestRegistries.DIGEST;
        assertThat(run("proxy", "evict", "hub", byDigest, "--yes").code()).isZero();

        assertThat(admin.running.done)
                .containsExactly(
                        "invalidate all",
                        "invalidate library/nginx",
                        "block true",
                        "block false",
                        "reset",
                        "pin library/nginx:1.27",
                        "evict " + byDigest);
    }

    @Test
    void nothing_is_given_up_by_a_slip() {
        assertThat(run("proxy", "evict", "hub", "library/nginx:1.27").code()).isEqualTo(ExitCode.USAGE);
        Ran vague = run("proxy", "evict", "hub", "library/nginx", "--yes");
        assertThat(vague.code()).isEqualTo(ExitCode.USAGE);
        assertThat(vague.err()).contains("Say which tag or digest of library/nginx");
        assertThat(run("proxy", "evict", "hub", "library/nginx:missing", "--yes")
                        .code())
                .isEqualTo(ExitCode.NOT_FOUND);

        assertThat(admin.running.done).isEmpty();
    }

    @Test
    void an_image_is_explained_in_the_main_registry_unless_another_is_named() {
        Ran near = run("explain", "library/nginx:1.27");
        assertThat(near.out()).containsPattern("(?m)^hub +not asked +only its upstream knows$");
        assertThat(near.err()).contains("In all nobody answers for library/nginx:1.27", "--ask");

        Ran far = run("explain", "library/nginx:1.27", "--ask");
        assertThat(far.err())
                .contains("In all, hub answers for library/nginx:1.27 with " + TestRegistries.DIGEST + ".");
        assertThat(run("explain", "nginx", "--registry", "hub").code()).isEqualTo(ExitCode.CONFLICT);
        assertThat(JsonParser.parseString(run("explain", "nginx", "--json").out())
                        .getAsJsonObject()
                        .has("items"))
                .isTrue();
    }

    @Test
    void clients_are_told_what_to_do_with_the_real_address() {
        assertThat(run("clients").out())
                .contains("docker login registry.example:5000", "hosts.toml", "registries.yaml", "kube_image_repo")
                .contains("helm registry login", "proxy_pass");
        assertThat(run("clients", "--registry", "hub", "--for", "podman").out())
                .contains("location = \"registry.example:5000/hub\"")
                .doesNotContain("hosts.toml");
        assertThat(run("clients", "--for", "emacs").code()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry list", "proxy state hub", "explain nginx", "clients"})
    void on_a_folder_without_a_server_that_is_said(String command, @TempDir Path folder) {
        RegistryServer.at(folder).bind("127.0.0.1").port(0).start().close();
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("--data", folder.toString()));

        Ran ran = Ran.with(Map.of(), "", arguments.toArray(String[]::new));

        assertThat(ran.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(ran.err()).contains("No server runs on this data folder", "entrepot serve");
    }

    @Test
    void sizes_are_read_by_people() {
        assertThat(List.of(0L, 1023L, 1024L, (1L << 20) - 1, 3L << 30, Long.MAX_VALUE))
                .map(Sizes::of)
                .containsExactly("0 B", "1023 B", "1.0 KiB", "1.0 MiB", "3.0 GiB", "8192.0 PiB");
    }

    private Ran run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        String url = "http://127.0.0.1:" + http.getAddress().getPort();
        all.addAll(List.of("--server", url, "--login", "root", "--login-password-stdin"));
        return Ran.with(Map.of(), "secret\n", all.toArray(String[]::new));
    }
}
