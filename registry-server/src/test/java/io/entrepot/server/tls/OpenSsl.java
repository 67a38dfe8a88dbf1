package io.entrepot.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program {@code openssl}, with a folder for its files. */
final class OpenSsl {
    private final Path folder;

    OpenSsl(Path folder) {
        this.folder = folder;
    }

    OpenSsl run(String command) throws IOException, InterruptedException {
        assertThat(output(command, "").code()).as(command).isZero();
        return this;
    }

    /** What it said, and its exit code. */
    record Output(String text, int code) {}

    Output output(String command, String input) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("openssl"));
        words.addAll(List.of(command.split(" ")));
        Path said = Files.createTempFile(folder, "openssl", ".out");
        // From a file: whoever ends before he has read it is none of ours.
        Path told =
                Files.writeString(Files.createTempFile(folder, "openssl", ".in"), input, StandardCharsets.ISO_8859_1);
        int code = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(told.toFile())
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        return new Output(Files.readString(said, StandardCharsets.ISO_8859_1), code);
    }

    /** One that has signed itself. */
    OpenSsl certificate(String name, String key, String certificate) throws IOException, InterruptedException {
        return run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 10 -subj /CN=" + name
                + " -addext subjectAltName=DNS:" + name + ",IP:127.0.0.1 -keyout " + key + " -out " + certificate);
    }

    /** root.crt has signed sub.crt, which has signed leaf.crt; each with its key. */
    OpenSsl chain() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("ca.ext"), "basicConstraints=critical,CA:true\nkeyUsage=keyCertSign");
        Files.writeString(folder.resolve("leaf.ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1");
        String key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
        run("req -x509" + key + "-days 10 -subj /CN=root -keyout root.key -out root.crt");
        run("req -new" + key + "-subj /CN=sub -keyout sub.key -out sub.csr");
        run("x509 -req -in sub.csr -CA root.crt -CAkey root.key -CAcreateserial -days 10 -extfile ca.ext -out sub.crt");
        run("req -new" + key + "-subj /CN=leaf -keyout leaf.key -out leaf.csr");
        return run(
                "x509 -req -in leaf.csr -CA sub.crt -CAkey sub.key -CAcreateserial -days 10 -extfile leaf.ext -out leaf.crt");
    }

    OpenSsl join(String into, String... files) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            all.append(Files.readString(folder.resolve(file)));
        }
        Files.writeString(folder.resolve(into), all);
        return this;
    }
}
