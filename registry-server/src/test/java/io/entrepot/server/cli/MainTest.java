package io.entrepot.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void without_a_command_it_says_how_it_is_used() {
        assertThat(run(Map.of())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("Say what to do: entrepot serve").contains("Usage: entrepot");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void an_unknown_command_is_told_with_the_nearest() {
        assertThat(run(Map.of(), "serv")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("serve");
    }

    @Test
    void version_and_help_answer_on_standard_output() {
        assertThat(run(Map.of(), "version")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("entrepot ").contains("java ");
        assertThat(run(Map.of(), "help", "serve")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("--data=FOLDER", "--set=KEY=VALUE");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void every_command_tells_its_usage_when_it_is_asked_for_help() {
        for (String words :
                List.of("", "serve", "config", "config show", "user", "user add", "role create", "token add")) {
            for (String help : List.of("--help", "-h")) {
                String[] arguments = (words + " " + help).strip().split(" ");
                out.getBuffer().setLength(0);
                assertThat(run(Map.of(), arguments)).as(words).isEqualTo(ExitCode.OK);
                assertThat(out.toString()).contains(("Usage: entrepot " + words).strip());
            }
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void a_rehearsal_pushes_and_pulls_and_leaves_nothing() throws Exception {
        try (ForkedEntrepot entrepot = ForkedEntrepot.start(folder, "rehearse")) {
            assertThat(entrepot.exitCode()).isZero();
            assertThat(entrepot.out() + entrepot.err()).isEmpty();
        }
    }

    @Test
    void config_show_tells_what_was_set_and_where() {
        Map<String, String> environment = Map.of("ENTREPOT_SERVER_PORT", "6001");

        assertThat(run(environment, "config", "show", "--bind", "0.0.0.0")).isEqualTo(ExitCode.OK);
        assertThat(out.toString().replaceAll(" +#", " #"))
                .isEqualTo("server:\n  bind: [0.0.0.0] # --bind\n  port: 6001 # ENTREPOT_SERVER_PORT\n");
    }

    @Test
    void config_show_effective_tells_what_holds_by_default_too() {
        assertThat(run(Map.of(), "config", "show", "--effective")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).containsPattern("port: 5000 +# default").contains("writePolicy: allow");
    }

    @Test
    void config_validate_says_what_is_wrong_or_nothing() throws IOException {
        Path file = Files.writeString(folder.resolve("entrepot.yaml"), "server: {port: 1}\n");
        assertThat(run(Map.of(), "config", "validate", "--config", file.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString() + err).isEmpty();

        Files.writeString(file, "server: {port: one}\nsevrer: {}\n");
        assertThat(run(Map.of("ENTREPOT_CONFIG", file.toString()), "config", "validate"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.startsWith(file + ", line "));
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Main.run(
                new Surroundings(environment, InputStream.nullInputStream()),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments);
    }
}
