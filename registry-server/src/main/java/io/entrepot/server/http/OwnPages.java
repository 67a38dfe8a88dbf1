package io.entrepot.server.http;

import io.entrepot.core.access.Credentials;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Set;

/** Tells what our own pages make a browser send from what pages of others do. */
final class OwnPages {
    static final HttpString CSRF_TOKEN = new HttpString("X-CSRF-Token");

    private static final HttpString FETCH_SITE = new HttpString("Sec-Fetch-Site");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private OwnPages() {}

    /**
     * Whether the browser says that a page of another origin sends this. Programs say nothing of the kind.
     *
     * @param publicUrl where clients reach this server: scheme, host and port
     */
    static boolean isForeign(HeaderMap headers, String publicUrl) {
        String site = Header.of(headers, FETCH_SITE);
        if (!site.isEmpty()) {
            return !site.equals("same-origin");
        }
        String origin = Header.of(headers, Headers.ORIGIN);
        return !origin.isEmpty() && !origin.equalsIgnoreCase(publicUrl);
    }

    /** Whether a request of this method may change something. */
    static boolean changes(String method) {
        return !SAFE.contains(method);
    }

    /** The session that a browser shows, or that it was made to show. */
    static Credentials session(HttpServerExchange exchange, String id, String publicUrl) {
        boolean changes = changes(exchange.getRequestMethod().toString());
        if (changes && isForeign(exchange.getRequestHeaders(), publicUrl)) {
            return new Credentials.Malformed("a page of another site sends this");
        }
        return new Credentials.Session(id, changes, Header.of(exchange, CSRF_TOKEN));
    }
}
