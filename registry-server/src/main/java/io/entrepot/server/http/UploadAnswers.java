package io.entrepot.server.http;

import io.entrepot.core.Digest;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.wire.Endpoint;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;

/** What clients are told of an upload: where it goes on, how far it has come, and where the blob is in the end. */
final class UploadAnswers {
    private UploadAnswers() {}

    static void accepted(HttpServerExchange exchange, RepositoryName name, UploadStatus status) {
        progress(exchange, name, status);
        Answers.empty(exchange, 202);
    }

    /** 204 has neither body nor length. */
    static void told(HttpServerExchange exchange, RepositoryName name, UploadStatus status) {
        progress(exchange, name, status);
        Answers.end(exchange.setStatusCode(204));
    }

    static void created(HttpServerExchange exchange, RepositoryName name, Digest digest) {
        HeaderMap headers = exchange.getResponseHeaders();
        headers.put(Headers.LOCATION, new Endpoint.BlobAt(name, digest).render());
        headers.put(Answers.CONTENT_DIGEST, digest.toString());
        Answers.empty(exchange, 201);
    }

    /** The headers from which a client can go on, also after an error. Without {@code bytes=}: docker reads it so. */
    static void progress(HttpServerExchange exchange, RepositoryName name, UploadStatus status) {
        HeaderMap headers = exchange.getResponseHeaders();
        headers.put(Headers.LOCATION, new Endpoint.UploadAt(name, status.id()).render());
        headers.put(Headers.RANGE, "0-" + Math.max(0, status.offset() - 1));
        headers.put(Answers.UPLOAD_UUID, status.id().toString());
    }
}
