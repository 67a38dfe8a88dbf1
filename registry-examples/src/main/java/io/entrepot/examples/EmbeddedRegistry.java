package io.entrepot.examples;

import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.server.RegistryServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A registry inside a program: something is pushed to it over HTTP, as any client would, and read back through the Java
 * API. Nothing touches the disk, and nothing is left at the end.
 */
public final class EmbeddedRegistry {
    private final HttpClient http = HttpClient.newHttpClient();

    private EmbeddedRegistry() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (RegistryServer server = RegistryServer.inMemory().start()) {
            System.out.println("serving on " + server.address());
            new EmbeddedRegistry().push(server.url(), "team/notes", "v1", "Bread, milk, containers.");
            System.out.println("read back: " + read(server, "team/notes", "v1"));
        }
    }

    /** An artifact of one layer: two blobs, then the manifest that names them. */
    private void push(URI server, String repository, String tag, String note) throws IOException, InterruptedException {
        Digest config = pushBlob(server, repository, "{}");
        Digest layer = pushBlob(server, repository, note);
        String manifest = """
                {
                  "schemaVersion": 2,
                  "mediaType": "application/vnd.oci.image.manifest.v1+json",
                  "artifactType": "application/vnd.example.note",
                  "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": 2},
                  "layers": [{"mediaType": "text/plain", "digest": "%s", "size": %d}]
                }""".formatted(config, layer, note.getBytes(StandardCharsets.UTF_8).length);
        send(HttpRequest.newBuilder(server.resolve("/v2/" + repository + "/manifests/" + tag))
                .header("Content-Type", MediaType.OCI_MANIFEST.value())
                .PUT(HttpRequest.BodyPublishers.ofString(manifest)));
    }

    /** In one request: the digest is known beforehand. */
    private Digest pushBlob(URI server, String repository, String text) throws IOException, InterruptedException {
        Digest digest = Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        send(HttpRequest.newBuilder(server.resolve("/v2/" + repository + "/blobs/uploads/?digest=" + digest))
                .header("Content-Type", MediaType.OCTET_STREAM.value())
                .POST(HttpRequest.BodyPublishers.ofString(text)));
        return digest;
    }

    private void send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 201) {
            throw new IOException("status " + response.statusCode() + ": " + response.body());
        }
    }

    /** Without HTTP: the registry that answers there is an object here. */
    private static String read(RegistryServer server, String name, String tag) throws IOException {
        Repository repository = server.registry().repository(new RepositoryName(name), Call.internal());
        Manifest manifest = repository.manifest(new Tag(tag));
        Descriptor layer = manifest.links().layers().get(0);
        try (var blob = repository.open(layer.digest());
                var bytes = blob.stream(new ByteRange(0, blob.size()))) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
