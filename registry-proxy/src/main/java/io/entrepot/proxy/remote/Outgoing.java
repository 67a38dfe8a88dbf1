package io.entrepot.proxy.remote;

import io.entrepot.core.wire.Scope;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the registry.
 *
 * @param target path and query below the registry's root, such as {@code /v2/library/nginx/tags/list}, or an absolute URL
 *     that an answer of the registry gave ({@code Location}, {@code Link}); credentials go to its own origin only
 * @param scopes what a token must be good for
 * @param headers beside those that every request has
 * @param body sent as it is, with its length; may be sent more than once
 */
record Outgoing(String method, URI target, List<Scope> scopes, Map<String, String> headers, Optional<ByteBuffer> body) {
    Outgoing {
        scopes = List.copyOf(scopes);
        headers = Map.copyOf(headers);
        body = body.map(ByteBuffer::asReadOnlyBuffer);
    }

    static Outgoing of(String method, String pathAndQuery, List<Scope> scopes) {
        return new Outgoing(method, URI.create(pathAndQuery), scopes, Map.of(), Optional.empty());
    }

    Outgoing with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Outgoing(method, target, scopes, more, body);
    }

    Outgoing withBody(ByteBuffer bytes) {
        return new Outgoing(method, target, scopes, headers, Optional.of(bytes));
    }
}
