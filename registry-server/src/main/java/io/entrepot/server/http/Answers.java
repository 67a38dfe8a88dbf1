package io.entrepot.server.http;

import io.entrepot.core.Digest;
import io.entrepot.core.wire.Conditions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/** How answers are written: the headers that several have, and small bodies in one write with their headers. */
final class Answers {
    static final HttpString API_VERSION = new HttpString("Docker-Distribution-API-Version");
    static final HttpString CONTENT_DIGEST = new HttpString("Docker-Content-Digest");
    static final HttpString UPLOAD_UUID = new HttpString("Docker-Upload-UUID");
    static final HttpString OCI_SUBJECT = new HttpString("OCI-Subject");
    static final HttpString OCI_TAG = new HttpString("OCI-Tag");
    static final HttpString OCI_FILTERS = new HttpString("OCI-Filters-Applied");
    static final HttpString CONTENT_SECURITY_POLICY = new HttpString("Content-Security-Policy");
    static final HttpString CONTENT_TYPE_OPTIONS = new HttpString("X-Content-Type-Options");
    /** Which registry gave the answer: a member of a group, say. */
    static final HttpString SOURCE = new HttpString("Entrepot-Source");

    static final HttpString WARNING = new HttpString("Warning");
    static final HttpString LINK = new HttpString("Link");
    static final String JSON = "application/json";
    static final String NO_STORE = "no-store";

    /** Characters of a warning. */
    private static final int MOST_WARNED = 500;

    private Answers() {}

    /** A sentence as the value of {@code Warning} (RFC 7234, section 5.5), whatever is in it: one line of ASCII. */
    static String warning(String sentence) {
        StringBuilder text = new StringBuilder("299 - \"");
        for (int i = 0; i < Math.min(sentence.length(), MOST_WARNED); i++) {
            char c = sentence.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.append('"').toString();
    }

    static boolean isHead(HttpServerExchange exchange) {
        return exchange.getRequestMethod().equals(Methods.HEAD);
    }

    /** Ends the exchange without a body; a HEAD's Content-Length stays as it was set. */
    static void empty(HttpServerExchange exchange, int status) {
        exchange.setStatusCode(status);
        if (!isHead(exchange)) {
            exchange.setResponseContentLength(0);
        }
        end(exchange);
    }

    /** Ends the exchange, with the status and headers that it has, if it was not answered yet. */
    static void end(HttpServerExchange exchange) {
        onIoThread(exchange, exchange::endExchange);
    }

    /** Sends these bytes as all of the body and ends the exchange. */
    static void send(HttpServerExchange exchange, ByteBuffer bytes) {
        onIoThread(exchange, () -> exchange.getResponseSender().send(bytes));
    }

    /**
     * Where Undertow ends an exchange on another thread, it wakes the IO thread to wait for a lock that it still holds:
     * measured, that took three quarters of the CPU of small pushes. So every answer is given where the next request is
     * read.
     */
    static void onIoThread(HttpServerExchange exchange, Runnable answer) {
        if (exchange.isInIoThread()) {
            answer.run();
            return;
        }
        try {
            exchange.getIoThread().execute(answer);
        } catch (RejectedExecutionException e) {
            // The server is stopping and its IO threads have ended: nobody else is at work on the connection.
            answer.run();
        }
    }

    /** Ends the exchange with these bytes, or for a HEAD with their length only. */
    static void bytes(HttpServerExchange exchange, int status, String contentType, ByteBuffer bytes) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, contentType);
        exchange.setResponseContentLength(bytes.remaining());
        if (isHead(exchange)) {
            end(exchange);
        } else {
            send(exchange, bytes);
        }
    }

    /** Names content by its digest, for clients, caches and conditions. */
    static void digest(HeaderMap headers, Digest digest) {
        String text = digest.toString();
        headers.put(CONTENT_DIGEST, text);
        headers.put(Headers.ETAG, '"' + text + '"');
    }

    /** Whether the client says that it has this already. */
    static boolean notModified(HttpServerExchange exchange, Digest digest) {
        String condition = Header.of(exchange, Headers.IF_NONE_MATCH);
        return !condition.isEmpty() && Conditions.notModified(condition, digest);
    }

    /** Content that strangers pushed is never shown or run by a browser that was lured here. */
    static void inert(HeaderMap headers) {
        headers.put(CONTENT_TYPE_OPTIONS, "nosniff");
        headers.put(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    }
}
