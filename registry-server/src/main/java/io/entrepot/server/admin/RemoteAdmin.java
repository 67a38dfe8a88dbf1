package io.entrepot.server.admin;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Administers a server that runs, over the network or by its control file. */
public final class RemoteAdmin implements AdminClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(2);

    private final URI root;
    private final String authorization;
    private final HttpClient http;

    private RemoteAdmin(URI root, String authorization, HttpClient.Builder http) {
        this.root = root;
        this.authorization = authorization;
        this.http = http.version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                // A redirect would take the credential elsewhere.
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The server that runs on a data folder of this machine. */
    public static RemoteAdmin of(ControlFile control) {
        HttpClient.Builder direct = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY);
        return new RemoteAdmin(control.url(), "Bearer " + control.token(), direct);
    }

    /**
     * @param url of any server's main connector
     * @param secret a password or an API key
     */
    public static RemoteAdmin of(URI url, String user, String secret) {
        byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return new RemoteAdmin(url, "Basic " + Base64.getEncoder().encodeToString(pair), HttpClient.newBuilder());
    }

    @Override
    public Answer ask(String method, String target, String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve("/api/v1" + target))
                .timeout(ANSWER)
                .header("Authorization", authorization);
        if (body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + root, e);
        }
    }

    /** Its threads are daemons and end by themselves. */
    @Override
    public void close() {}
}
