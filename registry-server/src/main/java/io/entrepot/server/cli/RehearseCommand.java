package io.entrepot.server.cli;

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
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code entrepot rehearse}: starts a server in a folder of its own, pushes and pulls a little, and stops. The launcher has
 * the JVM note which classes that takes, so that real starts find them prepared.
 */
@Command(hidden = true, description = "Starts and stops, to see which classes that takes.")
final class RehearseCommand implements Callable<Integer> {
    private static final String EMPTY = "{}";
    private static final String REPOSITORY = "/v2/rehearsal/";

    @Override
    public Integer call() throws IOException {
        new Signals().handle();
        Path folder = Files.createTempDirectory("entrepot");
        Sources sources = Sources.NONE
                .with("server.data", folder.resolve("data").toString(), "rehearsal")
                .with("server.port", "0", "rehearsal")
                .with("access.open", "true", "rehearsal");
        Configuration configuration = Configuration.read(sources);
        Log.configure(configuration.logging(), Terminal.of(Map.of()));
        try (RegistryServer server = RegistryServer.start(configuration)) {
            new Announcement(server, configuration, sources.file()).banner();
            pushAndPull(server);
        } finally {
            delete(folder);
        }
        return ExitCode.OK;
    }

    private static void pushAndPull(RegistryServer server) throws IOException {
        String digest = sha256(EMPTY);
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"" + digest
                + "\",\"size\":2},\"layers\":[]}";
        request(server, "GET /v2/", "");
        request(server, "POST " + REPOSITORY + "blobs/uploads/?digest=" + digest, EMPTY);
        request(server, "PUT " + REPOSITORY + "manifests/latest", manifest);
        request(server, "GET " + REPOSITORY + "manifests/latest", "");
        request(server, "GET " + REPOSITORY + "blobs/" + digest, "");
        request(server, "GET " + REPOSITORY + "tags/list", "");
    }

    private static String sha256(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return Digest.of(Digest.Algorithm.SHA256, bytes).toString();
    }

    private static void request(RegistryServer server, String line, String body) throws IOException {
        String head = line + " HTTP/1.1\r\nHost: " + server.address() + "\r\nConnection: close\r\nContent-Type: "
                + "application/vnd.oci.image.manifest.v1+json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        try (Socket socket = new Socket(server.url().getHost(), server.port())) {
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            if (!status.startsWith("HTTP/1.1 2")) {
                throw new IOException(line + " was answered by " + status);
            }
            socket.getInputStream().readAllBytes();
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
