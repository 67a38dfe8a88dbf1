package io.entrepot.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path data;

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.resolve("d").toString()));
        return main(all.toArray(String[]::new));
    }

    private int main(String... arguments) {
        return Main.run(
                new Surroundings(Map.of(), InputStream.nullInputStream()),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments);
    }

    @Test
    void init_makes_what_is_missing_and_says_what_to_do_with_it() {
        assertThat(run("cert", "init", "--name", "reg.example", "--name", "192.0.2.7"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .startsWith("A certificate was made.")
                .contains("names      reg.example, 192.0.2.7, ", "signed by  CN=Entrepot CA ", "396 days left")
                .contains("server.tls.own: true", data.resolve("d/tls/ca.crt").toString());
        assertThat(data.resolve("d/tls/ca.key")).exists();
        assertThat(run("cert", "init")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .startsWith("The certificate is good as it is.")
                .contains("reg.example");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void show_shows_names_dates_and_fingerprints() {
        assertThat(run("cert", "show")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("does not exist");
        run("cert", "init", "--name", "reg.example");
        assertThat(run("cert", "show")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("reg.example", "localhost", "127.0.0.1")
                .containsPattern("SHA-256 +([0-9A-F]{2}:){31}[0-9A-F]{2}")
                .contains("CN=Entrepot CA");
    }

    @Test
    void trust_says_the_steps_with_the_real_address() {
        run("cert", "init", "--name", "reg.example");
        assertThat(run("cert", "trust")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains(
                        "/etc/docker/certs.d/reg.example:5000/ca.crt",
                        "/etc/containers/certs.d/reg.example:5000",
                        "[host.\"https://reg.example:5000\"]",
                        "update-ca-certificates",
                        "update-ca-trust",
                        "keytool -importcert")
                .doesNotContain("ADDRESS");
        run("cert", "trust", "--set", "server.publicUrl=https://other.example:8443");
        assertThat(out.toString()).contains("/etc/docker/certs.d/other.example:8443");
    }

    @Test
    void a_certificate_in_files_is_shown_too() throws Exception {
        run("cert", "init", "--name", "reg.example");
        Path pem = Files.copy(data.resolve("d/tls/server.pem"), data.resolve("mine.pem"));
        Files.move(data.resolve("d/tls"), data.resolve("elsewhere"));
        assertThat(run("cert", "show", "--set", "server.tls.certificate=" + pem, "--set", "server.tls.key=" + pem))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("reg.example");
    }

    @Test
    void without_a_verb_it_says_what_there_is() {
        assertThat(main("cert")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("cert init", "cert show", "cert trust");
    }
}
