package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;

/** Request headers as the protocol reads them: all lines of one name joined, and what was not sent is empty. */
final class Header {
    private Header() {}

    static String of(HttpServerExchange exchange, HttpString name) {
        return of(exchange.getRequestHeaders(), name);
    }

    static String of(HeaderMap headers, HttpString name) {
        HeaderValues values = headers.get(name);
        if (values == null || values.isEmpty()) {
            return "";
        }
        return values.size() == 1 ? values.getFirst() : String.join(",", values);
    }
}
