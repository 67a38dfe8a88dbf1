package io.entrepot.core.wire;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a client is asked to show who it is, as {@code WWW-Authenticate} says it (RFC 7235; distribution, "Token
 * authentication specification"). Every answer carries exactly one.
 */
public sealed interface Challenge {
    /** The header's value. */
    String render();

    /** Name and password. */
    record Basic(String realm) implements Challenge {
        @Override
        public String render() {
            return "Basic realm=" + quoted(realm);
        }
    }

    /**
     * A token from elsewhere.
     *
     * @param realm the absolute URL of the token endpoint
     * @param scopes what the token should be good for
     * @param error what was wrong with the token that was shown: {@code invalid_token}, {@code insufficient_scope}
     */
    record Bearer(String realm, String service, List<Scope> scopes, Optional<String> error) implements Challenge {
        public Bearer {
            scopes = List.copyOf(scopes);
        }

        @Override
        public String render() {
            // No parameter is ever empty: a client stops reading at one.
            String scope = scopes.stream().map(Scope::toString).collect(Collectors.joining(" "));
            return "Bearer realm=" + quoted(realm)
                    + ",service=" + quoted(service)
                    + (scope.isEmpty() ? "" : ",scope=" + quoted(scope))
                    + error.map(e -> ",error=" + quoted(e)).orElse("");
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
