package io.entrepot.server.connector;

import io.entrepot.core.ErrorCode;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;

/**
 * An answer that ends the connection, since what follows the request on it cannot be trusted.
 *
 * @param message a sentence of our own; never anything that the client sent
 */
record Refusal(int status, ErrorCode code, String message) {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final HttpString API_VERSION = new HttpString("Docker-Distribution-API-Version");

    static Refusal badRequest(String message) {
        return new Refusal(400, ErrorCode.UNSUPPORTED, message);
    }

    static Refusal badPath(String message) {
        return new Refusal(400, ErrorCode.NAME_INVALID, message);
    }

    void answer(HttpServerExchange exchange) {
        exchange.setPersistent(false);
        if (!exchange.isRequestComplete()) {
            Connectors.terminateRequest(exchange);
        }
        exchange.setStatusCode(status);
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "application/json")
                .put(API_VERSION, "registry/2.0");
        if (status == 405) {
            exchange.getResponseHeaders().put(Headers.ALLOW, METHODS);
        }
        exchange.getResponseSender().send(json());
    }

    /** The whole answer, for a request that Undertow never gets to see. */
    byte[] raw() {
        String body = json();
        String head = "HTTP/1.1 " + status + " " + StatusCodes.getReason(status) + "\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n"
                + "Connection: close\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    private String json() {
        return "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}\n";
    }
}
