package io.entrepot.server.http;

import io.undertow.server.HttpServerExchange;
import java.util.List;
import java.util.Optional;

/** All that is served under one address, each of it with its {@link Need}. What comes first counts. */
public record Site(List<Route> routes) {
    public Site {
        routes = List.copyOf(routes);
    }

    Optional<Route> at(String path) {
        for (Route route : routes) {
            if (route.leadsTo(path)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    /** Which of several sites a request is for: by the host name in it, that name being all lower case. */
    @FunctionalInterface
    public interface Choice {
        Site of(HttpServerExchange exchange);
    }
}
