package io.entrepot.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.entrepot.server.RegistryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands that administer, against a server that runs and against the folder of one that does not. */
class AdminCommandsTest {
    enum Server {
        RUNNING,
        STOPPED
    }

    @TempDir
    Path folder;

    private final List<RegistryServer> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(RegistryServer::close);
    }

    @ParameterizedTest
    @EnumSource
    void users_are_added_listed_shown_and_deleted(Server server) {
        open(server);

        Ran added = run("user", "add", "alice", "--role", "developer", "--name", "Alice", "--email", "a@example.org");
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(added.out().strip()).matches("\\S{12,}");
        assertThat(added.err()).contains("User alice is added, with the role developer.", "not shown again");

        assertThat(run("user", "list").out()).containsPattern("(?m)^alice +person +true +developer");
        assertThat(run("user", "show", "alice").out()).contains("a@example.org", "local/alice");
        JsonObject shown = JsonParser.parseString(
                        run("user", "show", "alice", "--json").out())
                .getAsJsonObject();
        assertThat(shown.get("displayName").getAsString()).isEqualTo("Alice");

        assertThat(run("user", "delete", "alice").code()).isEqualTo(ExitCode.USAGE);
        assertThat(run("user", "delete", "alice", "--yes").code()).isZero();
        assertThat(run("user", "show", "alice").code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_taken_missing_or_wrong_has_its_exit_code(Server server) {
        open(server);
        run("user", "add", "alice");

        Ran taken = run("user", "add", "alice");
        assertThat(taken.code()).isEqualTo(ExitCode.CONFLICT);
        assertThat(taken.out()).isEmpty();
        assertThat(taken.err()).contains("alice");
        assertThat(run("user", "passwd", "nobody").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run("user", "add", "Not A Name").code()).isEqualTo(ExitCode.USAGE);
        assertThat(run("role", "create", "odd", "--privilege", "fly:private").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("user", "grant", "alice", "no-such-role").code()).isIn(ExitCode.NOT_FOUND, ExitCode.USAGE);
    }

    @ParameterizedTest
    @EnumSource
    void passwords_come_from_input_or_the_environment_and_are_never_printed(Server server) throws IOException {
        open(server);
        Path file = Files.writeString(folder.resolve("password"), "from-a-file-9Xq2\n");

        Ran input = with(Map.of(), "from-input-7Gh3\n", "user", "add", "alice", "--password-stdin");
        Ran variable = with(Map.of("ENTREPOT_PASSWORD", "from-variable-5Tz"), "", "user", "add", "bob");
        Ran named = with(Map.of("ENTREPOT_PASSWORD_FILE", file.toString()), "", "user", "passwd", "bob");

        assertThat(List.of(input, variable, named)).allSatisfy(ran -> {
            assertThat(ran.code()).as(ran.err()).isZero();
            assertThat(ran.out() + ran.err()).doesNotContain("from-");
        });
        assertThat(with(Map.of(), "short\n", "user", "passwd", "bob", "--password-stdin")
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @EnumSource
    void roles_are_made_of_privileges_found_by_a_word_and_given(Server server) {
        open(server);
        run("user", "add", "alice");

        Ran found = run("role", "privileges", "docker", "--json");
        JsonArray privileges = JsonParser.parseString(found.out()).getAsJsonArray();
        assertThat(privileges).isNotEmpty();
        String first = privileges.get(0).getAsJsonObject().get("name").getAsString();
        assertThat(first).startsWith("nx-repository-view-docker-");

        assertThat(run("role", "create", "docker-all", "--privilege", first, "--description", "all of it")
                        .code())
                .isZero();
        assertThat(run("role", "show", "docker-all").out()).contains("all of it", "*:*:**");
        assertThat(run("user", "grant", "alice", "docker-all").code()).isZero();
        assertThat(run("role", "grant", "reader", "alice").code()).isZero();
        assertThat(run("user", "list").out()).contains("docker-all, reader");
        assertThat(run("user", "explain", "alice", "team/app:1").out()).containsPattern("delete +true +docker-all");

        assertThat(run("role", "update", "docker-all", "--privilege", "pull:private")
                        .code())
                .isZero();
        assertThat(run("user", "explain", "alice", "team/app").out()).containsPattern("delete +false");
        assertThat(run("user", "revoke", "alice", "reader").code()).isZero();
        assertThat(run("role", "delete", "docker-all", "-y").code()).isZero();
        assertThat(run("role", "delete", "admin", "-y").code()).isEqualTo(ExitCode.CONFLICT);
    }

    @ParameterizedTest
    @EnumSource
    void people_and_groups_of_other_realms_are_given_roles(Server server) {
        open(server);

        assertThat(run("role", "grant", "reader", "ldap/alice").code()).isZero();
        assertThat(run("role", "grant", "deployer", "group:ldap/cn=devs,ou=all").code())
                .isZero();
        assertThat(run("role", "assignments").out())
                .containsPattern("ldap/alice +reader")
                .containsPattern("group:ldap/cn=devs,ou=all +deployer");
        assertThat(run("role", "revoke", "deployer", "group:ldap/cn=devs,ou=all")
                        .code())
                .isZero();
        assertThat(run("role", "assignments").out()).doesNotContain("devs");
    }

    @ParameterizedTest
    @EnumSource
    void keys_are_printed_once_and_revoked(Server server) {
        open(server);
        run("user", "add", "alice", "--role", "developer");

        Ran added =
                run("token", "add", "alice", "--label", "laptop", "--expires", "90d", "--only", "read:private:team/**");
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(added.out()).startsWith("rgk_").hasLineCount(1);

        Ran list = run("token", "list", "alice");
        assertThat(list.out())
                .contains("laptop", "read:private:team/**")
                .doesNotContain(added.out().strip());
        String id = list.out().lines().skip(1).findFirst().orElseThrow().split(" ")[0];
        assertThat(run("token", "revoke", "alice", id, "--yes").code()).isZero();
        assertThat(run("token", "revoke", "alice", id, "--yes").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run("token", "list", "alice").out()).isEmpty();

        Ran robot = run("robot", "add", "ci", "--role", "deployer");
        assertThat(robot.out()).startsWith("rgk_");
        assertThat(run("user", "list").out()).containsPattern("robot\\$ci +robot +true +deployer");
    }

    @ParameterizedTest
    @EnumSource
    void no_file_holds_a_password_or_key(Server server) throws IOException {
        open(server);
        List<String> secrets = new ArrayList<>(List.of("canary-in-Input-4711"));
        with(Map.of(), "canary-in-Input-4711\n", "user", "add", "alice", "--password-stdin");
        secrets.add(run("user", "add", "bob").out().strip());
        secrets.add(run("user", "passwd", "bob").out().strip());
        secrets.add(run("token", "add", "alice").out().strip());
        secrets.add(run("robot", "add", "ci").out().strip());

        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(secrets).as(file.toString()).noneMatch(bytes::contains);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .endsWith("------");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_file_of_the_first_password_goes_when_that_is_changed(Server server) throws Exception {
        open(server);
        Path file = data().resolve("initial-admin-password");
        assertThat(file).exists();

        assertThat(run("user", "list").code()).isZero();
        assertThat(file).exists();
        assertThat(run("user", "passwd", "admin").code()).isZero();
        for (int i = 0; i < 100 && Files.exists(file); i++) {
            Thread.sleep(100);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void a_server_that_is_open_to_all_can_be_prepared_to_close() {
        running.add(RegistryServer.at(data())
                .set("access.open", "true")
                .bind("127.0.0.1")
                .port(0)
                .start());

        assertThat(run("user", "add", "alice", "--role", "admin").code()).isZero();
        assertThat(run("user", "list").out()).contains("alice");
    }

    @Test
    void without_a_folder_there_is_nothing_to_administer_and_none_is_made() {
        Ran ran = run("user", "list");

        assertThat(ran.code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(ran.err()).contains("There is no data folder " + data(), "--data");
        assertThat(data()).doesNotExist();
    }

    @Test
    void what_a_crashed_server_left_leads_nobody_astray() throws IOException {
        open(Server.STOPPED);
        Path control =
                Files.writeString(data().resolve("control.json"), "{\"url\":\"http://127.0.0.1:1\",\"token\":\"old\"}");

        assertThat(run("user", "list").code()).isZero();
        assertThat(control).doesNotExist();
    }

    @Test
    void the_control_file_is_its_owners_and_goes_with_the_server() throws IOException {
        open(Server.RUNNING);
        Path control = data().resolve("control.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(control)))
                .isEqualTo("rw-------");

        stop();
        assertThat(control).doesNotExist();
    }

    @Test
    void a_server_elsewhere_that_does_not_answer_is_unreachable() {
        Ran ran = with(
                Map.of("ENTREPOT_LOGIN_PASSWORD", "x"),
                "",
                "user",
                "list",
                "--server",
                "http://127.0.0.1:1",
                "--login",
                "admin");
        assertThat(ran.code()).isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void a_server_elsewhere_is_administered_by_whoever_may() {
        open(Server.RUNNING);
        String alice = run("user", "add", "alice", "--role", "admin").out().strip();
        String bob = run("user", "add", "bob").out().strip();

        assertThat(elsewhere("alice", alice, "user", "list").out()).contains("bob");
        assertThat(elsewhere("alice", alice, "user", "passwd", "nobody").code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(elsewhere("bob", bob, "user", "list").code()).isEqualTo(ExitCode.DENIED);
        assertThat(elsewhere("bob", "wrong", "user", "list").code()).isEqualTo(ExitCode.DENIED);
        String key = elsewhere("bob", bob, "token", "add", "bob").out().strip();
        assertThat(key).startsWith("rgk_");
        assertThat(elsewhere("bob", key, "token", "list", "bob").code()).isZero();
        assertThat(elsewhere("bob", bob, "token", "add", "alice").code()).isEqualTo(ExitCode.DENIED);
    }

    /** With the password as the first line of standard input. */
    private Ran elsewhere(String login, String password, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", running.get(0).url().toString(), "--login", login, "--login-password-stdin"));
        return Ran.with(Map.of(), password + "\n", all.toArray(String[]::new));
    }

    private void open(Server server) {
        RegistryServer started =
                RegistryServer.at(data()).bind("127.0.0.1").port(0).start();
        if (server == Server.RUNNING) {
            running.add(started);
        } else {
            started.close();
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Ran run(String... arguments) {
        return with(Map.of(), "", arguments);
    }

    private Ran with(Map<String, String> environment, String in, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--data");
        all.add(data().toString());
        return Ran.with(environment, in, all.toArray(String[]::new));
    }
}
