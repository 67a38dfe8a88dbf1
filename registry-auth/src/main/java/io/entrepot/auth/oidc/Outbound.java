package io.entrepot.auth.oidc;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls to identity providers: bounded in size and time, over TLS unless to this machine, and never led to another host
 * by a redirect.
 */
final class Outbound {
    static final int MAX_BYTES = 1 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MAX_REDIRECTS = 3;

    private final HttpClient http;
    private final Duration deadline;
    private final boolean allowHttp;

    /** An answer, whatever its status. */
    record Answer(int status, String body) {}

    /** A call had no answer that can be used. The message completes "cannot ask it: ". */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }

        FailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * @param ca PEM certificates that alone are trusted
     * @param deadline from the call to the last byte of its answer
     * @throws IllegalArgumentException if the certificates cannot be read
     */
    Outbound(Optional<Path> ca, boolean allowHttp, Duration deadline) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER);
        ca.map(PrivateCa::read).ifPresent(builder::sslContext);
        this.http = builder.build();
        this.deadline = deadline;
        this.allowHttp = allowHttp;
    }

    /** @throws IllegalArgumentException if this is no place to which secrets may be sent */
    static void requireSafe(URI uri, boolean allowHttp) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not an address of a provider: " + uri);
        }
        if (!scheme.equals("https") && !(scheme.equals("http") && (allowHttp || isLoopback(host)))) {
            throw new IllegalArgumentException(uri + " must begin with https://");
        }
    }

    private static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
    }

    /** The body of a 200, following redirects within the same origin only. */
    String get(URI uri) throws FailedException {
        URI at = uri;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<byte[]> response = send(request(at).GET());
            if (response.statusCode() == 200) {
                return text(response);
            }
            if (response.statusCode() / 100 != 3) {
                throw new FailedException("GET " + at + " is answered with status " + response.statusCode());
            }
            at = next(at, response);
        }
        throw new FailedException("GET " + uri + " is redirected more than " + MAX_REDIRECTS + " times");
    }

    private static URI next(URI at, HttpResponse<byte[]> response) throws FailedException {
        String location = response.headers().firstValue("location").orElse("");
        URI next;
        try {
            next = at.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new FailedException("GET " + at + " is redirected to nowhere", e);
        }
        if (!origin(next).equals(origin(at))) {
            throw new FailedException("GET " + at + " is redirected to another origin, " + origin(next));
        }
        return next;
    }

    private static String origin(URI uri) {
        return (uri.getScheme() + "://" + uri.getRawAuthority()).toLowerCase(Locale.ROOT);
    }

    /** Posts a form; a redirect is an answer like others, and is not followed. */
    Answer post(URI uri, String form, Optional<String> authorization) throws FailedException {
        HttpRequest.Builder request = request(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        authorization.ifPresent(value -> request.header("Authorization", value));
        HttpResponse<byte[]> response = send(request);
        return new Answer(response.statusCode(), text(response));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(URI uri) throws FailedException {
        try {
            requireSafe(uri, allowHttp);
        } catch (IllegalArgumentException e) {
            throw new FailedException(String.valueOf(e.getMessage()), e);
        }
        return HttpRequest.newBuilder(uri).header("Accept", "application/json");
    }

    /** The client's own timeout ends with the head of an answer, so the deadline is ours. */
    private HttpResponse<byte[]> send(HttpRequest.Builder builder) throws FailedException {
        HttpRequest request = builder.build();
        CompletableFuture<HttpResponse<byte[]>> call = http.sendAsync(request, head -> new BoundedBody(MAX_BYTES));
        try {
            return call.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new FailedException(
                    request.method() + " " + request.uri() + " is not answered within " + deadline.toSeconds() + " s",
                    e);
        } catch (ExecutionException e) {
            throw failure(request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted", e);
        } finally {
            call.cancel(true);
        }
    }

    private static FailedException failure(HttpRequest request, ExecutionException why) {
        Throwable cause = why.getCause() == null ? why : why.getCause();
        String kind = cause.getClass().getSimpleName();
        String message = cause.getMessage() == null ? kind : kind + ": " + cause.getMessage();
        return new FailedException(request.method() + " " + request.uri() + ": " + message, cause);
    }
}
