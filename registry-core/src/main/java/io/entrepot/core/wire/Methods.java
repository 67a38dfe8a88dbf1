package io.entrepot.core.wire;

import io.entrepot.core.RepositoryName;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which methods the endpoints have, in the order in which {@code Allow} lists them. */
final class Methods {
    static final Set<String> READ = ordered("GET", "HEAD");
    static final Set<String> MANIFEST = ordered("GET", "HEAD", "PUT", "DELETE");
    static final Set<String> BLOB = ordered("GET", "HEAD", "DELETE");
    static final Set<String> UPLOADS = ordered("POST");
    static final Set<String> UPLOAD = ordered("GET", "HEAD", "PATCH", "PUT", "DELETE");

    private Methods() {}

    /** What a token must be good for to use a method on content of a repository. */
    static List<Scope> scopes(RepositoryName name, String method) {
        return switch (method) {
            case "GET", "HEAD" -> List.of(Scope.repository(name.value(), Scope.PULL));
            case "DELETE" -> List.of(Scope.repository(name.value(), Scope.DELETE));
            default -> List.of(Scope.repository(name.value(), Scope.PULL, Scope.PUSH));
        };
    }

    private static Set<String> ordered(String... methods) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(methods)));
    }
}
