package io.entrepot.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.entrepot.server.PushedArtifact;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in an unpacked archive: start, status, restart and stop of the real server. */
class LauncherTest {
    private static final Pattern URL = Pattern.compile("\"url\":\"([^\"]+)\"");

    @TempDir
    Path folder;

    @BeforeEach
    void unpack() throws IOException {
        assumeFalse(File.separatorChar == '\\', "The launcher is a shell script, and Windows has no shell for it.");
        Files.copy(Path.of("..", "entrepot"), folder.resolve("entrepot"));
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        attributes.put(Attributes.Name.CLASS_PATH, classPath());
        new JarOutputStream(Files.newOutputStream(folder.resolve("entrepot.jar")), manifest).close();
        // There is one already, so none is made, which would take seconds.
        Files.createFile(folder.resolve("entrepot.jsa"));
    }

    @AfterEach
    void stopIt() throws Exception {
        if (Files.exists(folder.resolve("entrepot"))) {
            entrepot("stop");
        }
    }

    @Test
    void it_runs_from_start_to_stop_and_status_tells() throws Exception {
        assertThat(entrepot("status").code).isEqualTo(3);

        assertThat(start().code).isZero();
        assertThat(entrepot("status").code).isZero();
        assertThat(PushedArtifact.answer(url(), "/v2/").statusCode()).isEqualTo(200);

        assertThat(entrepot("stop").code).isZero();
        assertThat(entrepot("status").code).isEqualTo(3);
        assertThat(log()).contains("\"stopped\"");
        assertThat(entrepot("stop").code).isZero();
    }

    @Test
    void a_second_start_is_refused_and_the_first_one_stays() throws Exception {
        start();
        String pid = pid();

        Ended second = start();

        assertThat(second.code).isEqualTo(1);
        assertThat(second.output)
                .isEqualTo("entrepot: it runs already, as process " + pid + ". entrepot restart stops it first.\n");
        assertThat(entrepot("status").code).isZero();
        assertThat(pid()).isEqualTo(pid);
    }

    @Test
    void a_restart_takes_the_options_of_the_last_start() throws Exception {
        start();
        String pid = pid();
        PushedArtifact pushed = PushedArtifact.push(url(), "team/app", "1", "stays".getBytes(StandardCharsets.UTF_8));

        assertThat(entrepot("restart").code).isZero();

        assertThat(pid()).isNotEqualTo(pid);
        assertThat(PushedArtifact.answer(url(), "/v2/team/app/manifests/1")
                        .headers()
                        .firstValue("Docker-Content-Digest"))
                .contains(pushed.manifest().toString());
    }

    @Test
    void a_process_id_that_another_program_has_got_since_is_no_server_of_ours() throws Exception {
        Files.createDirectory(folder.resolve("run"));
        Path pidFile = folder.resolve("run/entrepot.pid");
        Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");

        assertThat(entrepot("status").code).isEqualTo(3);
        assertThat(entrepot("stop").code).isZero();
        assertThat(pidFile).doesNotExist();

        Files.writeString(pidFile, "999999999\n");
        assertThat(entrepot("status").code).isEqualTo(3);
        assertThat(start().code).isZero();
        assertThat(entrepot("status").code).isZero();
    }

    @Test
    void a_start_that_fails_says_why_and_leaves_the_code_of_serve() throws Exception {
        Ended ended = entrepot("start", "--data", data(), "--set", "server.prot=1");

        assertThat(ended.code).isEqualTo(2);
        assertThat(ended.output).contains("server.prot").contains("entrepot: it did not start");
        assertThat(entrepot("status").code).isEqualTo(3);
    }

    private Ended start() throws Exception {
        return entrepot("start", "--data", data(), "--port", "0", "--set", "access.open=true");
    }

    /** With a space in it, as a word that must stay one. */
    private String data() {
        return folder.resolve("the data").toString();
    }

    private Ended entrepot(String... arguments) throws Exception {
        Path output = Files.createTempFile(folder, "output", "");
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh", folder.resolve("entrepot").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("ENTREPOT_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("ENTREPOT_JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private URI url() throws IOException {
        Matcher url = URL.matcher(log());
        String last = "";
        while (url.find()) {
            last = url.group(1);
        }
        return URI.create(last.replace("\\/", "/"));
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("run/entrepot.log"));
    }

    private String pid() throws IOException {
        return Files.readString(folder.resolve("run/entrepot.pid")).strip();
    }

    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
    }

    private record Ended(int code, String output) {}
}
