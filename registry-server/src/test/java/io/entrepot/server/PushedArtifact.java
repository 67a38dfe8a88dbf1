package io.entrepot.server;

import io.entrepot.core.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A small artifact of one layer, pushed and pulled over HTTP as any client would. */
public record PushedArtifact(Digest manifest, Digest layer) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static PushedArtifact push(URI server, String repository, String tag, byte[] content)
            throws IOException, InterruptedException {
        Digest layer = blob(server, repository, content);
        byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
        Digest config = blob(server, repository, empty);
        String manifest = """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
                "artifactType":"application/vnd.example.note",
                "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},
                "layers":[{"mediaType":"text/plain","digest":"%s","size":%d}]}""".formatted(config, layer, content.length);
        byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
        HttpRequest put = HttpRequest.newBuilder(server.resolve("/v2/" + repository + "/manifests/" + tag))
                .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build();
        expect(201, HTTP.send(put, HttpResponse.BodyHandlers.ofByteArray()));
        return new PushedArtifact(Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(bytes)), layer);
    }

    public static Digest blob(URI server, String repository, byte[] content) throws IOException, InterruptedException {
        HttpRequest post = HttpRequest.newBuilder(server.resolve("/v2/" + repository + "/blobs/uploads/"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<byte[]> begun = expect(202, HTTP.send(post, HttpResponse.BodyHandlers.ofByteArray()));
        URI location = server.resolve(begun.headers().firstValue("Location").orElseThrow());
        Digest digest = Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(content));
        URI commit = URI.create(location + (location.getQuery() == null ? "?" : "&") + "digest=" + digest);
        HttpRequest put = HttpRequest.newBuilder(commit)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                .build();
        expect(201, HTTP.send(put, HttpResponse.BodyHandlers.ofByteArray()));
        return digest;
    }

    /** The body of a GET that must succeed. */
    public static byte[] get(URI server, String path) throws IOException, InterruptedException {
        return expect(200, answer(server, path)).body();
    }

    public static HttpResponse<byte[]> answer(URI server, String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(server.resolve(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> expect(int status, HttpResponse<byte[]> response) throws IOException {
        if (response.statusCode() != status) {
            throw new IOException("status " + response.statusCode() + " instead of " + status + ": "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return response;
    }
}
