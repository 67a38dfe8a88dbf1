package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Set;

/**
 * Lets web pages of some origins use the registry. A preflight is answered before anybody asks who is there, since
 * browsers send none of the user's credentials with it.
 */
final class Cors {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
    private static final HttpString EXPOSE_HEADERS = new HttpString("Access-Control-Expose-Headers");
    private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");

    private final Set<String> origins;

    Cors(Set<String> origins) {
        this.origins = origins;
    }

    /** Adds to an answer that the page which asked may read it, if so. */
    void allow(HttpServerExchange exchange) {
        if (origins.isEmpty()) {
            return;
        }
        HeaderMap headers = exchange.getResponseHeaders();
        headers.put(Headers.VARY, "Origin");
        String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
        if (origin != null && (origins.contains("*") || origins.contains(origin))) {
            headers.put(ALLOW_ORIGIN, origin);
            headers.put(
                    EXPOSE_HEADERS,
                    "Content-Length, Docker-Content-Digest, ETag, Link, Location, OCI-Filters-Applied,"
                            + " OCI-Subject, OCI-Tag, Range, WWW-Authenticate, X-Request-Id");
        }
    }

    void preflight(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getResponseHeaders();
        headers.put(Headers.ALLOW, METHODS);
        if (headers.contains(ALLOW_ORIGIN)) {
            headers.put(ALLOW_METHODS, METHODS);
            headers.put(
                    ALLOW_HEADERS,
                    "Accept, Authorization, Content-Range, Content-Type, If-Match, If-None-Match, Range");
            headers.put(MAX_AGE, "3600");
        }
        exchange.setStatusCode(204).endExchange();
    }
}
