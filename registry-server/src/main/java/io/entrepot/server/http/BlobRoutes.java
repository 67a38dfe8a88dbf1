package io.entrepot.server.http;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.wire.Endpoint;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;

/** Blobs: looked for, read whole or in ranges, and deleted. */
final class BlobRoutes {
    private static final String FOREVER = "private, max-age=31536000, immutable";
    private static final String BYTES = "application/octet-stream";

    private BlobRoutes() {}

    /** Pushers ask this before they skip an upload, so that what is found must stay for a while. */
    static void head(Turn turn, Endpoint.BlobAt at) {
        turn.read(call -> {
            Descriptor blob = find(turn, turn.repository(at.name(), call), at);
            HttpServerExchange exchange = turn.exchange();
            turn.describe(call);
            headers(exchange.getResponseHeaders(), at);
            if (Answers.notModified(exchange, at.digest())) {
                Answers.empty(exchange, 304);
                return;
            }
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, BYTES);
            exchange.setResponseContentLength(blob.size());
            Answers.empty(exchange, 200);
        });
    }

    /**
     * Whoever may push, be it with another token, is told of what he need not send again: he counts on its staying, and for him nothing is asked of other
     * hosts. Everybody else is told of what can be had.
     */
    private static Descriptor find(Turn turn, Repository repository, Endpoint.BlobAt at) {
        if (turn.purpose(at.name()) == Call.Purpose.PULL) {
            return repository.stat(at.digest());
        }
        try {
            return repository.claim(at.digest());
        } catch (RegistryException.Unsupported e) {
            // Nothing can be pushed here.
            return repository.stat(at.digest());
        }
    }

    static void get(Turn turn, Endpoint.BlobAt at, HttpOptions options) {
        turn.read(call -> {
            Blob blob = turn.repository(at.name(), call).open(at.digest());
            try {
                turn.whenBegun(blob, () -> {
                    turn.describe(call);
                    send(turn, at, blob, options);
                });
            } catch (RuntimeException e) {
                blob.close();
                throw e;
            }
        });
    }

    private static void send(Turn turn, Endpoint.BlobAt at, Blob blob, HttpOptions options) {
        HttpServerExchange exchange = turn.exchange();
        HeaderMap headers = exchange.getResponseHeaders();
        headers(headers, at);
        if (Answers.notModified(exchange, at.digest())) {
            blob.close();
            Answers.empty(exchange, 304);
            return;
        }
        if (options.redirects() && blob.location().isPresent()) {
            headers.put(Headers.LOCATION, blob.location().get().toString());
            headers.put(Headers.CACHE_CONTROL, "no-store");
            blob.close();
            Answers.empty(exchange, 307);
            return;
        }
        BlobContent.of(exchange, blob).send(exchange, turn.workers(), blob);
    }

    private static void headers(HeaderMap headers, Endpoint.BlobAt at) {
        Answers.digest(headers, at.digest());
        Answers.inert(headers);
        headers.put(Headers.CACHE_CONTROL, FOREVER);
        headers.put(Headers.ACCEPT_RANGES, "bytes");
        headers.put(Headers.CONTENT_DISPOSITION, "attachment");
    }

    static void delete(Turn turn, Endpoint.BlobAt at) {
        turn.durable(call -> {
            turn.repository(at.name(), call).deleteBlob(at.digest());
            turn.note("blob.delete", at.name(), at.digest());
            Answers.empty(turn.exchange(), 202);
        });
    }
}
