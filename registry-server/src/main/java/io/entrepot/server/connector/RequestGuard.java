package io.entrepot.server.connector;

import io.entrepot.core.ErrorCode;
import io.undertow.server.Connectors;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.Protocols;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the handler of a connector and lets only those requests pass that can be understood in one way. What is
 * refused gets a JSON error and the end of its connection, so nothing that was sent after it is ever taken for a request.
 *
 * <p>What a handler can rely on:
 *
 * <ul>
 *   <li>{@link HttpServerExchange#getRequestURI()} is the path as it was sent, nothing decoded, without a host; it begins
 *       with a slash and holds no {@code ;}, {@code \}, {@code .} or {@code ..} components, no control characters plain
 *       or encoded. Other percent-encodings pass. {@link HttpServerExchange#getQueryString()} is as it was sent, too.
 *   <li>A client that sent {@code Expect: 100-continue} is asked for its body by the first attempt to read it (read,
 *       resume or await), never before. A handler that checks first and answers early needs to do nothing.
 *   <li>Answering is free at any time: once an answer is begun, an unread rest of the body is of no interest. A small one
 *       is drained; otherwise the answer says {@code Connection: close} and the connection ends after it. So nothing may
 *       be read any more by then.
 * </ul>
 */
final class RequestGuard implements HttpHandler {
    private static final int MAX_LENGTH_DIGITS = 18;
    private static final ExchangeCompletionListener ENDED = (exchange, next) -> {
        Wire.of(exchange).requestEnds();
        next.proceed();
    };

    private final HttpHandler next;
    private final HttpLimits limits;
    private final BooleanSupplier ending;

    /** @param ending whether connections shall end with the next answer */
    RequestGuard(HttpHandler next, HttpLimits limits, BooleanSupplier ending) {
        this.next = next;
        this.limits = limits;
        this.ending = ending;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Wire wire = Wire.of(exchange);
        boolean body = !exchange.isRequestComplete();
        wire.requestBegins(body);
        exchange.addExchangeCompleteListener(ENDED);
        Refusal refusal = refusal(exchange);
        if (refusal != null) {
            refusal.answer(exchange);
            return;
        }
        if (body) {
            receive(exchange, wire);
        }
        if (ending.getAsBoolean()) {
            exchange.setPersistent(false);
        }
        next.handleRequest(exchange);
    }

    private @Nullable Refusal refusal(HttpServerExchange exchange) {
        if (!known(exchange.getRequestMethod().toString())) {
            return new Refusal(405, ErrorCode.UNSUPPORTED, "this method is not supported");
        }
        HeaderMap headers = exchange.getRequestHeaders();
        String encoding = headers.getFirst(Headers.TRANSFER_ENCODING);
        if (encoding != null) {
            if (!Protocols.HTTP_1_1.equals(exchange.getProtocol())) {
                return Refusal.badRequest("Transfer-Encoding needs HTTP/1.1");
            }
            if (!"chunked".equalsIgnoreCase(encoding)) {
                return new Refusal(501, ErrorCode.UNSUPPORTED, "Transfer-Encoding must be exactly chunked");
            }
        }
        String length = headers.getFirst(Headers.CONTENT_LENGTH);
        if (length != null && length.length() > MAX_LENGTH_DIGITS) {
            return Refusal.badRequest("Content-Length is too large"); // Undertow's parser wraps around
        }
        String expect = headers.getFirst(Headers.EXPECT);
        if (expect != null && (headers.get(Headers.EXPECT).size() != 1 || !"100-continue".equalsIgnoreCase(expect))) {
            return new Refusal(417, ErrorCode.UNSUPPORTED, "the only expectation that can be met is 100-continue");
        }
        String authorization = headers.getFirst(Headers.AUTHORIZATION);
        if (authorization != null
                && (headers.get(Headers.AUTHORIZATION).size() != 1
                        || authorization.length() > limits.head().authorizationBytes())) {
            return Refusal.badRequest("one Authorization header is allowed, of no more than "
                    + limits.head().authorizationBytes() + " bytes");
        }
        return RequestTarget.check(exchange);
    }

    /** Methods are words of one spelling, though Undertow's type for them takes {@code get} for {@code GET}. */
    private static boolean known(String method) {
        return switch (method) {
            case "GET", "HEAD", "PATCH", "PUT", "POST", "DELETE", "OPTIONS" -> true;
            default -> false;
        };
    }

    /** Prepares for a body: reads along with its framing, and decides what becomes of it when nobody reads it. */
    private void receive(HttpServerExchange exchange, Wire wire) {
        HeaderMap headers = exchange.getRequestHeaders();
        if (headers.contains(Headers.TRANSFER_ENCODING)) {
            wire.readAlong(new ChunkScanner(limits.head().trailerBytes()));
        }
        boolean expects = headers.contains(Headers.EXPECT) && exchange.isHttp11();
        if (expects) {
            HttpContinue.markContinueResponseSent(exchange); // It is ours to send, see ContinueOnRead.
            exchange.addRequestWrapper((factory, e) -> new ContinueOnRead(factory.create(), e, wire));
        }
        exchange.addResponseCommitListener(e -> abandonUnread(e, wire, expects));
        exchange.addDefaultResponseListener(e -> {
            abandonUnread(e, wire, expects);
            return false;
        });
    }

    /** The answer has begun: Undertow would read the rest of the body to its end, be it gigabytes. */
    private void abandonUnread(HttpServerExchange exchange, Wire wire, boolean expects) {
        boolean held = expects && !wire.continued();
        if (!exchange.isRequestComplete() && (held || !small(exchange, wire))) {
            exchange.setPersistent(false);
            Connectors.terminateRequest(exchange);
        }
    }

    private boolean small(HttpServerExchange exchange, Wire wire) {
        if (wire.chunks() != null) {
            return wire.holdsRestOf(new ChunkScanner(limits.head().trailerBytes()));
        }
        long length = exchange.getRequestContentLength();
        return length >= 0 && length <= limits.drain().reusable();
    }
}
