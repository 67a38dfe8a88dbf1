package io.entrepot.proxy.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request that a {@link ScriptedServer} got, and what became of it. Safe for all threads. */
public final class Exchange {
    private final String method;
    private final String target;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;
    private final int connection;
    private volatile int status;
    private volatile long bodyBytesSent;
    private volatile boolean finished;
    private volatile boolean ended;

    Exchange(String method, String target, List<Map.Entry<String, String>> headers, byte[] body, int connection) {
        this.method = method;
        this.target = target;
        this.headers = List.copyOf(headers);
        this.body = body;
        this.connection = connection;
    }

    public String method() {
        return method;
    }

    /** Path and query as they were sent. */
    public String target() {
        return target;
    }

    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** As it was sent; empty if there was none. */
    public String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    /** The first header of that name. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    public List<String> headers(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** What was sent with it. */
    public byte[] body() {
        return body.clone();
    }

    /** Which of the server's connections it came by, counted from 1. */
    public int connection() {
        return connection;
    }

    /** 0 while there is no answer, and if there never was one. */
    public int status() {
        return status;
    }

    /** How much of the answer's body was handed to the socket so far. */
    public long bodyBytesSent() {
        return bodyBytesSent;
    }

    /** Whether the answer was sent, or given up. */
    public boolean ended() {
        return ended;
    }

    /** The part is anywhere in path or query. */
    boolean is(String wantedMethod, String part) {
        return method.equals(wantedMethod) && target.contains(part);
    }

    void answered(int newStatus) {
        status = newStatus;
    }

    void sent(long bytes) {
        bodyBytesSent = bytes;
    }

    /** The last of the answer is about to be sent. */
    void finish() {
        finished = true;
    }

    boolean finished() {
        return finished;
    }

    void end() {
        finished = true;
        ended = true;
    }

    @Override
    public String toString() {
        return method + " " + target + " -> " + status;
    }
}
