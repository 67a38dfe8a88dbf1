package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.Locale;
import java.util.Map;

/** Chooses by the host name that a request is for, whatever its port; what has none of these names is for everything else. */
public final class HostNames implements Site.Choice {
    private final Map<String, Site> names;
    private final Site otherwise;

    /** @param names in lower case */
    public HostNames(Map<String, Site> names, Site otherwise) {
        this.names = Map.copyOf(names);
        this.otherwise = otherwise;
    }

    @Override
    public Site of(HttpServerExchange exchange) {
        if (names.isEmpty()) {
            return otherwise;
        }
        return Authority.parse(Header.of(exchange, Headers.HOST))
                .map(authority -> names.get(authority.host().toLowerCase(Locale.ROOT)))
                .orElse(otherwise);
    }
}
