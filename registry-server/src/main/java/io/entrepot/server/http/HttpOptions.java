package io.entrepot.server.http;

import java.util.Set;

/**
 * What may differ from one connector to another.
 *
 * @param corsOrigins web pages from these origins may read answers; {@code *} stands for all. None by default
 * @param redirects whether a client may be sent elsewhere for a blob whose store offers that
 */
public record HttpOptions(Set<String> corsOrigins, boolean redirects) {
    public static final HttpOptions DEFAULT = new HttpOptions(Set.of(), true);

    public HttpOptions {
        corsOrigins = Set.copyOf(corsOrigins);
    }
}
