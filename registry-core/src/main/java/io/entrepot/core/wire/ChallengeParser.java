package io.entrepot.core.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a {@code WWW-Authenticate} header (RFC 7235, section 4.1). A comma parts challenges as it parts parameters, so a
 * word is a parameter's name if an equals sign follows, and else the scheme of the next challenge.
 */
final class ChallengeParser {
    /** Of one header; a longer one is not read. */
    static final int MAX_LENGTH = 16 << 10;
    /** Of all headers together; what comes after is not read. */
    static final int MAX_CHALLENGES = 16;

    private final String text;
    private int at;

    private ChallengeParser(String text) {
        this.text = text;
    }

    static List<Challenge> parse(List<String> headerLines) {
        return headerLines.stream()
                .limit(MAX_CHALLENGES)
                .filter(line -> line.length() <= MAX_LENGTH)
                .flatMap(line -> new ChallengeParser(line).all().stream())
                .limit(MAX_CHALLENGES)
                .toList();
    }

    private List<Challenge> all() {
        List<Challenge> found = new ArrayList<>();
        while (true) {
            skip(" \t,");
            String scheme = token();
            if (scheme.isEmpty()) {
                // The end, or something that nobody understands, and then nobody knows where it ends.
                return found;
            }
            challenge(scheme.toLowerCase(Locale.ROOT), parameters()).ifPresent(found::add);
        }
    }

    private static Optional<Challenge> challenge(String scheme, Map<String, String> parameters) {
        String realm = parameters.getOrDefault("realm", "");
        if (scheme.equals("basic")) {
            return Optional.of(new Challenge.Basic(realm));
        }
        if (!scheme.equals("bearer") || realm.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Challenge.Bearer(
                realm,
                parameters.getOrDefault("service", ""),
                parameters.getOrDefault("scope", ""),
                given("error", parameters),
                given("error_description", parameters)));
    }

    private static Optional<String> given(String name, Map<String, String> parameters) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /** By their names in lower case, the first of each; none if there is a token68 in their place. */
    private Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        skip(" \t");
        if (token68()) {
            return parameters;
        }
        while (true) {
            skip(" \t,");
            int start = at;
            String name = token();
            skip(" \t");
            if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
                at = start;
                return parameters;
            }
            at++;
            skip(" \t");
            parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value());
        }
    }

    /** Whether there was one, which is passed over: neither of our schemes has it. */
    private boolean token68() {
        int end = at;
        while (end < text.length() && (alphanumeric(text.charAt(end)) || "-._~+/".indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        if (end == at) {
            return false;
        }
        while (end < text.length() && " \t=".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        boolean alone = end == text.length() || text.charAt(end) == ',';
        if (alone) {
            at = end;
        }
        return alone;
    }

    private String value() {
        return at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
    }

    /** One whose closing quote is missing goes to the end. */
    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        at = Math.min(at + 1, text.length());
        return value.toString();
    }

    /** More than a token may be: some servers forget the quotes around a URL. */
    private String bare() {
        int start = at;
        while (at < text.length() && " \t,".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String token() {
        int start = at;
        while (at < text.length()
                && (alphanumeric(text.charAt(at)) || "!#$%&'*+-.^_`|~".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static boolean alphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
