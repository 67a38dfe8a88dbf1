package io.entrepot.proxy.remote;

import io.entrepot.core.Digest;
import io.entrepot.core.MediaType;
import io.entrepot.core.RegistryException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Headers of answers as values; what is absent and what is malformed is the same to us. */
final class Headers {
    private Headers() {}

    /** {@code Docker-Content-Digest}, of an algorithm that we know. */
    static Optional<Digest> digest(Reply reply) {
        try {
            return Optional.of(
                    Digest.parse(reply.header("Docker-Content-Digest").strip()));
        } catch (RegistryException.Invalid e) {
            return Optional.empty();
        }
    }

    /** {@code Content-Length} as it was sent: that of a HEAD, too, whose body has none. */
    static OptionalLong length(Reply reply) {
        String text = reply.header("Content-Length").strip();
        return !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    /** {@code Content-Type} without its parameters. */
    static Optional<MediaType> type(Reply reply) {
        String text = reply.header("Content-Type");
        int semicolon = text.indexOf(';');
        try {
            return Optional.of(new MediaType((semicolon < 0 ? text : text.substring(0, semicolon)).strip()));
        } catch (RegistryException.Invalid e) {
            return Optional.empty();
        }
    }

    /**
     * {@code Location}, resolved.
     *
     * @throws RegistryException.Unavailable if there is none, or if it leads from https to http
     */
    static URI location(Reply reply) {
        List<String> locations = reply.headers("Location");
        if (locations.isEmpty()) {
            throw Refusals.nonsense("it does not say where the upload goes on");
        }
        URI location = resolve(reply.from(), locations.get(0));
        if (location.getHost() == null || location.getPath() == null) {
            throw Refusals.nonsense("an upload of it goes on at no URL");
        }
        if ("https".equalsIgnoreCase(reply.from().getScheme()) && !"https".equalsIgnoreCase(location.getScheme())) {
            throw Refusals.nonsense("an upload that was begun over TLS would go on without it");
        }
        return location;
    }

    /** @throws RegistryException.Unavailable if that is no URL */
    static URI resolve(URI from, String reference) {
        try {
            // A query alone belongs to the path that it came from (RFC 3986, section 5.2.2); the JDK knows the older
            // rule.
            return from.resolve(reference.startsWith("?") ? from.getRawPath() + reference : reference);
        } catch (IllegalArgumentException e) {
            throw Refusals.nonsense("a link of it is no URL");
        }
    }
}
