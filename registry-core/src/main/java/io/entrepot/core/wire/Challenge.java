package io.entrepot.core.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a client is asked to show who it is, as {@code WWW-Authenticate} says it (RFC 7235; distribution, "Token
 * authentication specification"). Every answer of ours carries exactly one.
 */
public sealed interface Challenge {
    /** The header's value: printable ASCII in one line, whatever the parts hold. */
    String render();

    /**
     * The challenges of an answer, in their order: of all its headers of that name, each of which may hold several. Those
     * of other schemes are left out, as is what nobody understands; the length of what is read is bounded.
     */
    static List<Challenge> parse(List<String> headerLines) {
        return ChallengeParser.parse(headerLines);
    }

    /** Name and password. */
    record Basic(String realm) implements Challenge {
        @Override
        public String render() {
            return rendered("Basic", Map.of("realm", realm));
        }
    }

    /**
     * A token from elsewhere.
     *
     * @param realm the absolute URL of the token endpoint
     * @param scope what the token should be good for, as it was said: some registries have words of their own there, which
     *     their token endpoint wants back as they are
     * @param error what was wrong with the token that was shown: {@code invalid_token}, {@code insufficient_scope}
     * @param description the same for people (RFC 6750, section 3), which Docker shows where there is no body to read
     */
    record Bearer(String realm, String service, String scope, Optional<String> error, Optional<String> description)
            implements Challenge {
        public static final String INVALID_TOKEN = "invalid_token";
        public static final String INSUFFICIENT_SCOPE = "insufficient_scope";

        public Bearer(String realm, String service, List<Scope> scopes, Optional<String> error) {
            this(
                    realm,
                    service,
                    scopes.stream().map(Scope::toString).collect(Collectors.joining(" ")),
                    error,
                    Optional.empty());
        }

        public Bearer describedBy(String sentence) {
            return new Bearer(realm, service, scope, error, Optional.of(sentence));
        }

        /** Those words of {@link #scope} that are scopes. */
        public List<Scope> scopes() {
            return Scope.parse(List.of(scope));
        }

        @Override
        public String render() {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("realm", realm);
            parameters.put("service", service);
            parameters.put("scope", scope);
            parameters.put("error", error.orElse(""));
            parameters.put("error_description", description.orElse(""));
            return rendered("Bearer", parameters);
        }
    }

    /** No parameter is ever empty: a client stops reading at one. */
    private static String rendered(String scheme, Map<String, String> parameters) {
        String all = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter -> parameter.getKey() + "=" + quoted(parameter.getValue()))
                .collect(Collectors.joining(","));
        return all.isEmpty() ? scheme : scheme + " " + all;
    }

    /** Parts may come from a request (its Host), and half of some characters is a line break to whoever writes bytes. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return quoted.append('"').toString();
    }
}
