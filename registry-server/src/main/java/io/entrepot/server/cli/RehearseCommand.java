package io.entrepot.server.cli;

import io.entrepot.auth.password.GeneratedPassword;
import io.entrepot.core.Digest;
import io.entrepot.server.RegistryServer;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.Sources;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code entrepot rehearse}: starts a server in a folder of its own, logs in, pushes a little, stops, and does it again with
 * what it finds. The launcher has the JVM note which classes that takes, so that real starts find them prepared.
 */
@Command(hidden = true, description = "Starts and stops, to see which classes that takes.")
final class RehearseCommand implements Callable<Integer> {
    private static final String EMPTY = "{}";
    private static final String REPOSITORY = "/v2/rehearsal/";
    private static final Pattern TOKEN = Pattern.compile("\"token\"\\s*:\\s*\"([^\"]+)\"");

    @Override
    public Integer call() throws IOException {
        new Signals().handle();
        String password = GeneratedPassword.next(new SecureRandom());
        Path folder = Files.createTempDirectory("entrepot");
        Sources sources = Sources.NONE
                .withUsual()
                // Nobody else is to be asked, or waited for.
                .with("registries.docker-hub.blocked", "true", "rehearsal")
                .with("registries.gcr.io.blocked", "true", "rehearsal")
                .with("server.data", folder.resolve("data").toString(), "rehearsal")
                .with("server.port", "0", "rehearsal")
                .with("server.bind", "127.0.0.1", "rehearsal")
                .with("access.adminPassword", password, "rehearsal");
        Configuration configuration = Configuration.read(sources);
        Log.configure(configuration.logging(), Terminal.of(Map.of()));
        try {
            rehearse(configuration, sources, password);
            rehearse(configuration, sources, password);
        } finally {
            delete(folder);
        }
        return ExitCode.OK;
    }

    private static void rehearse(Configuration configuration, Sources sources, String password) throws IOException {
        try (RegistryServer server = RegistryServer.start(configuration)) {
            new Announcement(server, configuration, sources.file()).banner();
            pushAndPull(server, "Bearer " + token(server, "admin:" + password));
        }
    }

    private static String token(RegistryServer server, String login) throws IOException {
        String shown = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        Matcher token = TOKEN.matcher(request(server, shown, "GET /v2/token?scope=repository:rehearsal:pull,push", ""));
        if (!token.find()) {
            throw new IOException("no token was given");
        }
        return token.group(1);
    }

    private static void pushAndPull(RegistryServer server, String shown) throws IOException {
        String digest = sha256(EMPTY);
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"" + digest
                + "\",\"size\":2},\"layers\":[]}";
        send(server, shown, "GET /v2/", "");
        send(server, shown, "POST " + REPOSITORY + "blobs/uploads/?digest=" + digest, EMPTY);
        send(server, shown, "PUT " + REPOSITORY + "manifests/latest", manifest);
        send(server, shown, "GET " + REPOSITORY + "manifests/latest", "");
        send(server, shown, "GET " + REPOSITORY + "blobs/" + digest, "");
        send(server, shown, "GET " + REPOSITORY + "tags/list", "");
    }

    private static String sha256(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return Digest.of(Digest.Algorithm.SHA256, bytes).toString();
    }

    private static void send(RegistryServer server, String shown, String line, String body) throws IOException {
        String unused = request(server, shown, line, body);
    }

    private static String request(RegistryServer server, String shown, String line, String body) throws IOException {
        String head = line + " HTTP/1.1\r\nHost: " + server.address() + "\r\nConnection: close\r\nAuthorization: "
                + shown
                + "\r\nContent-Type: application/vnd.oci.image.manifest.v1+json\r\nContent-Length: " + body.length()
                + "\r\n\r\n";
        try (Socket socket = new Socket(server.url().getHost(), server.port())) {
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 2")) {
                throw new IOException(
                        line + " was answered by " + answer.lines().findFirst().orElse("nothing"));
            }
            return answer;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
