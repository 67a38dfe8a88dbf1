package io.entrepot.proxy.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/**
 * What is about to be sent, and how. Made anew for each request with the truth in it; {@link Fault}s change it. Used by
 * one thread.
 */
public final class Answer {
    /** How the body is delimited. */
    enum Framing {
        LENGTH,
        CHUNKED,
        /** Only by the end of the connection. */
        CLOSE
    }

    /** What happens when the connection has given all that it shall give. */
    enum End {
        KEEP_ALIVE,
        CLOSE,
        RESET
    }

    private int status;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private byte[] body;
    private boolean endless;
    private Framing framing = Framing.LENGTH;
    private OptionalLong declaredLength = OptionalLong.empty();
    private boolean silent;
    private String lineEnd = "\r\n";
    private OptionalLong cutAt = OptionalLong.empty();
    private End end = End.KEEP_ALIVE;
    private OptionalLong stallAt = OptionalLong.empty();
    private CountDownLatch release = new CountDownLatch(0);
    private Optional<CountDownLatch> hold = Optional.empty();
    private Duration delay = Duration.ZERO;
    private OptionalLong bytesPerSecond = OptionalLong.empty();

    public Answer(int status) {
        this.status = status;
        this.body = new byte[0];
    }

    public int status() {
        return status;
    }

    /** Headers and body stay. */
    public Answer status(int newStatus) {
        status = newStatus;
        return this;
    }

    /** Adds one; there may be several of a name. */
    public Answer add(String name, String value) {
        headers.add(new SimpleImmutableEntry<>(name, value));
        return this;
    }

    /** Instead of all others of that name. */
    public Answer header(String name, String value) {
        return without(name).add(name, value);
    }

    public Answer without(String name) {
        headers.removeIf(header -> header.getKey().equalsIgnoreCase(name));
        return this;
    }

    public Answer withoutHeaders() {
        headers.clear();
        return this;
    }

    /** The first of that name. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    public byte[] body() {
        return body.clone();
    }

    public Answer body(byte[] newBody) {
        body = newBody.clone();
        return this;
    }

    public Answer body(String newBody) {
        return body(newBody.getBytes(StandardCharsets.UTF_8));
    }

    public Answer json(String newBody) {
        return header("Content-Type", "application/json").body(newBody);
    }

    /** The body again and again, until the client has had enough. */
    public Answer endless() {
        endless = true;
        return chunked();
    }

    public Answer chunked() {
        framing = Framing.CHUNKED;
        return this;
    }

    /** Without a length: the body ends where the connection does. */
    public Answer untilClose() {
        framing = Framing.CLOSE;
        end = End.CLOSE;
        return this;
    }

    /** What Content-Length says, whatever is sent. The connection ends with the answer, unless it is that of a HEAD. */
    public Answer declaredLength(long length) {
        declaredLength = OptionalLong.of(length);
        end = End.CLOSE;
        return this;
    }

    /** Nothing is sent at all. */
    public Answer nothing(boolean reset) {
        silent = true;
        end = reset ? End.RESET : End.CLOSE;
        return this;
    }

    /** Lines end with a bare line feed. */
    public Answer bareLineFeeds() {
        lineEnd = "\n";
        return this;
    }

    /** Closes the connection after so many bytes of the body. */
    public Answer cutAt(long bytes) {
        cutAt = OptionalLong.of(bytes);
        end = End.CLOSE;
        return this;
    }

    /** Resets the connection after so many bytes of the body. */
    public Answer resetAt(long bytes) {
        cutAt = OptionalLong.of(bytes);
        end = End.RESET;
        return this;
    }

    /** Stops after so many bytes of the body, until it is released. */
    public Answer stallAt(long bytes, CountDownLatch until) {
        stallAt = OptionalLong.of(bytes);
        release = until;
        return this;
    }

    /** Not a byte before this is released. */
    public Answer holdUntil(CountDownLatch released) {
        hold = Optional.of(released);
        return this;
    }

    /** Not a byte before so much time has passed. */
    public Answer delay(Duration newDelay) {
        delay = newDelay;
        return this;
    }

    public Answer bytesPerSecond(long rate) {
        bytesPerSecond = OptionalLong.of(rate);
        return this;
    }

    /** Closes the connection when all is sent, and says so before. */
    public Answer close() {
        end = End.CLOSE;
        return header("Connection", "close");
    }

    // How the writer sees it

    List<Map.Entry<String, String>> headers() {
        return headers;
    }

    byte[] rawBody() {
        return body;
    }

    boolean isEndless() {
        return endless;
    }

    Framing framing() {
        return framing;
    }

    long contentLength() {
        return declaredLength.orElse(body.length);
    }

    boolean isSilent() {
        return silent;
    }

    String lineEnd() {
        return lineEnd;
    }

    OptionalLong cut() {
        return cutAt;
    }

    End end() {
        return end;
    }

    OptionalLong stall() {
        return stallAt;
    }

    CountDownLatch release() {
        return release;
    }

    Optional<CountDownLatch> hold() {
        return hold;
    }

    Duration delay() {
        return delay;
    }

    OptionalLong rate() {
        return bytesPerSecond;
    }
}
