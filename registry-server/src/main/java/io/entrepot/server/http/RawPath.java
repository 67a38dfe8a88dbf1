package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;

/** The path of a request as it came, nothing decoded or normalised: what is routed must be what was sent. */
final class RawPath {
    private RawPath() {}

    static String of(HttpServerExchange exchange) {
        String uri = exchange.getRequestURI();
        if (!exchange.isHostIncludedInRequestURI()) {
            return uri;
        }
        int authority = uri.indexOf("://");
        int path = authority < 0 ? -1 : uri.indexOf('/', authority + 3);
        return path < 0 ? "/" : uri.substring(path);
    }
}
