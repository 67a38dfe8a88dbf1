package io.entrepot.server.http;

import io.entrepot.core.Digest;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;

/** What a request's headers say of its body. */
final class Body {
    private Body() {}

    /** Whether there may be one: a chunked body shows only when it is read whether it is empty. */
    static boolean present(HttpServerExchange exchange) {
        return exchange.getRequestContentLength() > 0
                || exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING);
    }

    static Digest emptyDigest(Digest.Algorithm algorithm) {
        return Digest.of(algorithm, ByteBuffer.allocate(0));
    }
}
