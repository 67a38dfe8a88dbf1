package io.entrepot.server;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A client of one connector that shows what it is told to show, and logs in as a registry's client does. */
final class Visits {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI root;

    Visits(int port) {
        this.root = URI.create("http://127.0.0.1:" + port + "/");
    }

    /** An answer without what differs from one to the next anyway. */
    record Answer(int status, Map<String, String> headers, String body) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        /** With one name in the place of another, wherever it stands. */
        Answer saying(String instead, String of) {
            Map<String, String> said = new TreeMap<>();
            headers.forEach((name, value) -> said.put(name, value.replace(of, instead)));
            return new Answer(status, said, body.replace(of, instead));
        }
    }

    /** @param authorization nothing is shown if it is empty */
    Answer ask(String method, String path, String authorization) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(root.resolve(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        Map<String, String> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!lower.equals("date") && !lower.equals("x-request-id")) {
                headers.put(lower, String.join(" | ", values));
            }
        });
        return new Answer(response.statusCode(), headers, response.body());
    }

    int status(String method, String path, String authorization) throws IOException, InterruptedException {
        return ask(method, path, authorization).status();
    }

    static String basic(String user, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** A token of this connector for these scopes, as it comes out of its token endpoint. */
    String token(String service, String authorization, String... scopes) throws IOException, InterruptedException {
        StringBuilder path = new StringBuilder("/v2/token?service=").append(encoded(service));
        for (String scope : scopes) {
            path.append("&scope=").append(encoded(scope));
        }
        Answer answer = ask("GET", path.toString(), authorization);
        if (answer.status() != 200) {
            throw new IOException("no token: " + answer);
        }
        return "Bearer " + answer.body().replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
