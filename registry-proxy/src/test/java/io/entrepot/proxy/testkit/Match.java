package io.entrepot.proxy.testkit;

/** Which requests a {@link Fault} is played to. */
@FunctionalInterface
public interface Match {
    boolean matches(Exchange request);

    static Match any() {
        return request -> true;
    }

    /** By a part of path or query. */
    static Match path(String part) {
        return request -> request.target().contains(part);
    }

    static Match method(String method, String part) {
        return request -> request.is(method, part);
    }

    static Match get(String part) {
        return method("GET", part);
    }

    static Match head(String part) {
        return method("HEAD", part);
    }

    /** Requests that have a header, such as {@code Range}. */
    default Match with(String header) {
        return request -> matches(request) && request.header(header).isPresent();
    }

    default Match without(String header) {
        return request -> matches(request) && request.header(header).isEmpty();
    }

    default Match and(Match other) {
        return request -> matches(request) && other.matches(request);
    }
}
