package io.entrepot.server.http;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.WireError;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/**
 * Answers with what went wrong. What the registry says goes to the client as it is; anything else is a fault of ours, of
 * which the client learns the request's id and the log everything.
 */
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    /** Headers of the answer that is not given. */
    private static final List<HttpString> OF_CONTENT = List.of(
            Headers.CONTENT_LENGTH,
            Headers.CONTENT_TYPE,
            Headers.CONTENT_RANGE,
            Headers.CONTENT_DISPOSITION,
            Headers.ACCEPT_RANGES,
            Headers.ETAG,
            Answers.CONTENT_DIGEST);

    private Errors() {}

    static void answer(HttpServerExchange exchange, Throwable why) {
        if (exchange.isResponseStarted()) {
            LOG.warn("request {} broke off", RequestIds.of(exchange), why);
            IoUtils.safeClose(exchange.getConnection());
            exchange.endExchange();
            return;
        }
        WireError error = WireError.of(asRegistryException(exchange, why), RequestIds.of(exchange));
        HeaderMap headers = exchange.getResponseHeaders();
        OF_CONTENT.forEach(headers::remove);
        if (!Answers.NO_STORE.equals(headers.getFirst(Headers.CACHE_CONTROL))) {
            headers.remove(Headers.CACHE_CONTROL);
        }
        error.headers().forEach((name, value) -> headers.put(HttpString.tryFromString(name), value));
        Answers.bytes(exchange, error.status(), Answers.JSON, error.body());
    }

    /** For those who answer in a form of their own: the log learns of it what the client does not. */
    static void note(HttpServerExchange exchange, RegistryException why) {
        if (why.getCause() != null) {
            LOG.warn("request {}: {}", RequestIds.of(exchange), why, why.getCause());
        }
    }

    private static RegistryException asRegistryException(HttpServerExchange exchange, Throwable why) {
        if (why instanceof RegistryException e) {
            if (e instanceof RegistryException.InsufficientStorage) {
                // No fault of ours to be traced, and there is little room for that.
                LOG.warn("request {}: {}", RequestIds.of(exchange), e.getMessage());
            } else if (e.getCause() != null) {
                LOG.warn("request {}: {}", RequestIds.of(exchange), e, e.getCause());
            }
            return e;
        }
        LOG.error("request {} failed", RequestIds.of(exchange), why);
        return new RegistryException.Unavailable(ErrorCode.UNKNOWN, "internal error", Optional.empty(), why);
    }
}
