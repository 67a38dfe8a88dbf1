package io.entrepot.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Digest;
import io.entrepot.core.MediaType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One client with a repository of its own: pushes at random until the server dies under it, and remembers what was
 * acknowledged. What was asked for but never answered may have happened or not.
 */
final class Pusher {
    private static final String OCTETS = MediaType.OCTET_STREAM.value();

    private final String repository;
    private final Random random;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Sizes by digest. The digest of what is read tells whether it is what was pushed. */
    private final Map<Digest, Integer> blobs = new LinkedHashMap<>();

    /** Paths of blobs and manifests, with the digest of what must be read there. */
    private final List<Acknowledged> old = new ArrayList<>();

    private final List<Acknowledged> fresh = new ArrayList<>();
    private final Map<String, TagState> tags = new HashMap<>();
    private final List<OpenUpload> uploads = new ArrayList<>();
    private final List<Digest> recent = new ArrayList<>();
    private URI server = URI.create("http://127.0.0.1");

    /** What a tag is known to point to (nothing, if deleted), and what an unanswered request would make of it. */
    private record TagState(Optional<Digest> known, Optional<Optional<Digest>> asked) {
        boolean allows(Optional<Digest> seen) {
            return seen.equals(known) || asked.equals(Optional.of(seen));
        }
    }

    private record Acknowledged(String path, Digest digest) {}

    private static final class OpenUpload {
        final String location;
        final byte[] content;
        int acknowledged;

        OpenUpload(String location, byte[] content) {
            this.location = location;
            this.content = content;
        }
    }

    Pusher(int number, Random random) {
        this.repository = "crash/pusher-" + number;
        this.random = random;
    }

    /** How many things were acknowledged and must be there. */
    int acknowledged() {
        return old.size() + fresh.size() + tags.size() + uploads.size();
    }

    /** Pushes until the connection breaks, which is how it learns that the server is dead. */
    void pushUntilDeath(URI address) throws InterruptedException {
        server = address;
        try {
            while (true) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> pushWhole(content());
                    case 3, 4 -> pushInChunks(content());
                    case 5 -> leaveOpen(content());
                    case 6 -> deleteTag();
                    default -> pushImage();
                }
            }
        } catch (IOException e) {
            // The server is gone: what was under way stays unanswered.
        }
    }

    private void pushWhole(byte[] content) throws IOException, InterruptedException {
        Digest digest = digest(content);
        String location = begin();
        send("PUT", location + "?digest=" + digest, content, OCTETS, 201);
        acknowledged(digest, content);
    }

    private void acknowledged(Digest blob, byte[] content) {
        blobs.put(blob, content.length);
        recent.add(blob);
        fresh.add(new Acknowledged("/v2/" + repository + "/blobs/" + blob, blob));
    }

    private void pushInChunks(byte[] content) throws IOException, InterruptedException {
        OpenUpload upload = leaveOpen(content);
        finish(upload);
    }

    private OpenUpload leaveOpen(byte[] content) throws IOException, InterruptedException {
        OpenUpload upload = new OpenUpload(begin(), content);
        uploads.add(upload);
        int until = content.length * 2 / 3;
        while (upload.acknowledged < until) {
            int end = Math.min(until, upload.acknowledged + 1 + random.nextInt(40_000));
            send("PATCH", upload.location, Arrays.copyOfRange(content, upload.acknowledged, end), OCTETS, 202);
            upload.acknowledged = end;
        }
        return upload;
    }

    private void finish(OpenUpload upload) throws IOException, InterruptedException {
        byte[] rest = Arrays.copyOfRange(upload.content, upload.acknowledged, upload.content.length);
        Digest digest = digest(upload.content);
        // From here on its fate is unknown until the answer is there: committed sessions are gone.
        uploads.remove(upload);
        send("PUT", upload.location + "?digest=" + digest, rest, OCTETS, 201);
        acknowledged(digest, upload.content);
    }

    private void pushImage() throws IOException, InterruptedException {
        if (recent.size() < 2) {
            return;
        }
        Digest config = recent.get(random.nextInt(recent.size()));
        Digest layer = recent.get(random.nextInt(recent.size()));
        byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_MANIFEST + "\",\"config\":"
                        + descriptor(config) + ",\"layers\":[" + descriptor(layer) + "],\"annotations\":{\"n\":\""
                        + random.nextLong() + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
        Digest digest = digest(manifest);
        String tag = "t" + random.nextInt(8);
        ask(tag, Optional.of(digest));
        send("PUT", "/v2/" + repository + "/manifests/" + tag, manifest, MediaType.OCI_MANIFEST.value(), 201);
        fresh.add(new Acknowledged("/v2/" + repository + "/manifests/" + digest, digest));
        tags.put(tag, new TagState(Optional.of(digest), Optional.empty()));
    }

    private void deleteTag() throws IOException, InterruptedException {
        String tag = "t" + random.nextInt(8);
        TagState state = tags.get(tag);
        if (state == null || state.known().isEmpty()) {
            return;
        }
        ask(tag, Optional.empty());
        send("DELETE", "/v2/" + repository + "/manifests/" + tag, new byte[0], OCTETS, 202);
        tags.put(tag, new TagState(Optional.empty(), Optional.empty()));
    }

    private void ask(String tag, Optional<Digest> wanted) {
        Optional<Digest> known = tags.getOrDefault(tag, new TagState(Optional.empty(), Optional.empty()))
                .known();
        tags.put(tag, new TagState(known, Optional.of(wanted)));
    }

    private String descriptor(Digest blob) {
        return "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"" + blob + "\",\"size\":"
                + blobs.get(blob) + "}";
    }

    /**
     * What was acknowledged since the last time is there byte for byte, and so is some of what was before; what was
     * unanswered is settled by looking.
     */
    void verify(URI address) throws IOException, InterruptedException {
        server = address;
        verify(fresh);
        Collections.shuffle(old, random);
        verify(old.subList(0, Math.min(20, old.size())));
        old.addAll(fresh);
        fresh.clear();
        for (Map.Entry<String, TagState> tag : tags.entrySet()) {
            verifyTag(tag.getKey(), tag.getValue());
        }
        for (OpenUpload upload : List.copyOf(uploads)) {
            verifyUpload(upload);
        }
    }

    /** Everything that was ever acknowledged is there. */
    void verifyAll(URI address) throws IOException, InterruptedException {
        verify(address);
        verify(old);
    }

    private void verify(List<Acknowledged> things) throws IOException, InterruptedException {
        for (Acknowledged thing : things) {
            assertThat(digest(get(thing.path()).body())).as(thing.path()).isEqualTo(thing.digest());
        }
    }

    private void verifyTag(String tag, TagState state) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get("/v2/" + repository + "/manifests/" + tag);
        assertThat(answer.statusCode()).as("tag %s of %s", tag, repository).isIn(200, 404);
        Optional<Digest> seen = answer.statusCode() == 404 ? Optional.empty() : Optional.of(digest(answer.body()));
        assertThat(state.allows(seen))
                .as("tag %s of %s is %s, not as in %s", tag, repository, seen, state)
                .isTrue();
        tags.put(tag, new TagState(seen, Optional.empty()));
    }

    /** An upload goes on where it says, which is not before what was acknowledged, and comes to the right bytes. */
    private void verifyUpload(OpenUpload upload) throws IOException, InterruptedException {
        HttpResponse<byte[]> status = get(upload.location);
        assertThat(status.statusCode()).as("an open upload is still there").isEqualTo(204);
        String range = status.headers().firstValue("Range").orElseThrow();
        int held = Integer.parseInt(range.substring(2)) + 1;
        assertThat(held).as("bytes held").isGreaterThanOrEqualTo(upload.acknowledged);
        // "0-0" is how the protocol says both one byte and none.
        if (held > 1 && random.nextBoolean()) {
            upload.acknowledged = held;
            finish(upload);
        }
    }

    private String begin() throws IOException, InterruptedException {
        return send("POST", "/v2/" + repository + "/blobs/uploads/", new byte[0], OCTETS, 202)
                .headers()
                .firstValue("Location")
                .orElseThrow();
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(server.resolve(path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> send(String method, String path, byte[] body, String type, int expected)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode())
                .as("%s %s: %s", method, path, new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(expected);
        return answer;
    }

    private byte[] content() {
        byte[] content = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? 400_000 : 8_000)];
        random.nextBytes(content);
        return content;
    }

    private static Digest digest(byte[] content) {
        return Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(content));
    }
}
