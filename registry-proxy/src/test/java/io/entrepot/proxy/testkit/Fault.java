package io.entrepot.proxy.testkit;

import io.entrepot.core.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;

/**
 * Something that goes wrong, or is merely unusual: changes an answer that was true until then. Those of a test alone are
 * written as lambdas.
 */
@FunctionalInterface
public interface Fault {
    void play(Exchange request, Answer answer);

    default Fault and(Fault next) {
        return (request, answer) -> {
            play(request, answer);
            next.play(request, answer);
        };
    }

    // Other answers

    /** With no body and no headers of the truth. */
    static Fault status(int status) {
        return text(status, "text/plain", "");
    }

    static Fault text(int status, String contentType, String body) {
        return (request, answer) -> answer.withoutHeaders()
                .status(status)
                .header("Content-Type", contentType)
                .body(body);
    }

    /** As the specification says errors. */
    static Fault error(int status, String code, String message) {
        return text(
                status,
                "application/json",
                "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}");
    }

    /** One that an outbound proxy or a load balancer makes. */
    static Fault html(int status) {
        return text(status, "text/html", "<html><body><h1>" + status + "</h1>The server is sick.</body></html>");
    }

    /** 429 as a limit of pulls says it. */
    static Fault pullLimit() {
        return error(429, "TOOMANYREQUESTS", "You have reached your pull rate limit.");
    }

    /** 429 as a guard against abuse says it, long before any registry sees the request. */
    static Fault abuseLimit(int retryAfterSeconds) {
        return text(429, "text/plain", "Too Many Requests (HAP429).")
                .and(header("Retry-After", Integer.toString(retryAfterSeconds)));
    }

    static Fault bareLineFeeds() {
        return (request, answer) -> answer.bareLineFeeds().close();
    }

    static Fault expiredToken() {
        return text(403, "text/plain", "Your Authorization Token has expired. Please login again.");
    }

    static Fault redirect(int status, String location) {
        return status(status).and(header("Location", location));
    }

    /** To the same path there, with a signature in the query. */
    static Fault redirectTo(ScriptedServer other) {
        return (request, answer) ->
                redirect(307, other.url(request.path()) + "?signature=secret").play(request, answer);
    }

    /** To itself, {@code hops} times, and then the truth. */
    static Fault redirectChain(int hops) {
        return (request, answer) -> {
            String query = request.query();
            int hop = query.startsWith("hop=") ? Integer.parseInt(query.substring(4)) : 0;
            if (hop < hops) {
                redirect(302, request.path() + "?hop=" + (hop + 1)).play(request, answer);
            }
        };
    }

    static Fault redirectLoop() {
        return (request, answer) -> redirect(302, request.target()).play(request, answer);
    }

    // Headers

    static Fault header(String name, String value) {
        return (request, answer) -> answer.header(name, value);
    }

    /** Beside those of that name that are there already. */
    static Fault moreHeader(String name, String value) {
        return (request, answer) -> answer.add(name, value);
    }

    static Fault without(String name) {
        return (request, answer) -> answer.without(name);
    }

    static Fault digest(Digest lie) {
        return header("Docker-Content-Digest", lie.toString());
    }

    /** Content-Length, while the body stays as it is. */
    static Fault declaredLength(long length) {
        return (request, answer) -> answer.declaredLength(length);
    }

    static Fault contentRange(String lie) {
        return header("Content-Range", lie);
    }

    /** Of a range that is there. */
    static Fault unsatisfiable(long size) {
        return status(416).and(contentRange("bytes */" + size));
    }

    static Fault chunked() {
        return (request, answer) -> answer.chunked();
    }

    static Fault untilClose() {
        return (request, answer) -> answer.untilClose();
    }

    /** The body compressed, and said to be. */
    static Fault gzip() {
        return (request, answer) -> answer.body(gzipped(answer.body())).header("Content-Encoding", "gzip");
    }

    private static byte[] gzipped(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    // Bodies

    static Fault body(byte[] bytes) {
        return (request, answer) -> answer.body(bytes);
    }

    static Fault body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** So many bytes of nothing in particular. */
    static Fault huge(int bytes) {
        return (request, answer) -> answer.body(" ".repeat(bytes));
    }

    static Fault endless() {
        return (request, answer) -> answer.body(" ".repeat(1 << 16)).endless();
    }

    static Fault flipAt(int at) {
        return (request, answer) -> {
            byte[] body = answer.body();
            body[at] ^= 1;
            answer.body(body);
        };
    }

    static Fault cutAt(long bytes) {
        return (request, answer) -> answer.cutAt(bytes);
    }

    static Fault resetAt(long bytes) {
        return (request, answer) -> answer.resetAt(bytes);
    }

    static Fault stallAt(long bytes, CountDownLatch until) {
        return (request, answer) -> answer.stallAt(bytes, until);
    }

    static Fault bytesPerSecond(long rate) {
        return (request, answer) -> answer.bytesPerSecond(rate);
    }

    // Connections

    static Fault hangUp() {
        return (request, answer) -> answer.nothing(false);
    }

    static Fault reset() {
        return (request, answer) -> answer.nothing(true);
    }

    static Fault delay(Duration time) {
        return (request, answer) -> answer.delay(time);
    }

    static Fault holdUntil(CountDownLatch released) {
        return (request, answer) -> answer.holdUntil(released);
    }

    // Lists

    /** Each page of tags leads to another one, for ever. */
    static Fault endlessPages() {
        return (request, answer) -> {
            String query = request.query();
            int page = query.startsWith("page=") ? Integer.parseInt(query.substring(5)) : 0;
            answer.withoutHeaders()
                    .status(200)
                    .json("{\"name\":\"x\",\"tags\":[\"t" + page + "\"]}")
                    .add("Link", "<" + request.path() + "?page=" + (page + 1) + ">; rel=\"next\"");
        };
    }

    /** The next page is on another host. */
    static Fault linkTo(ScriptedServer other) {
        return (request, answer) -> answer.header("Link", "<" + other.url(request.path()) + "?last=a>; rel=\"next\"");
    }
}
