package io.entrepot.core.wire;

import java.util.Locale;
import java.util.Optional;

/** The {@code Link} header that leads to the next page of a list (RFC 8288). */
public final class NextLink {
    private NextLink() {}

    public static String render(Endpoint next) {
        return "<" + next.render() + ">; rel=\"next\"";
    }

    /**
     * The target of the link with {@code rel="next"} as it stands there: relative or absolute, its query opaque. Whoever
     * follows it checks where it leads.
     *
     * @param header all {@code Link} headers, joined by commas; empty if there was none
     */
    public static Optional<String> target(String header) {
        int at = 0;
        while (true) {
            int open = header.indexOf('<', at);
            int close = open < 0 ? -1 : header.indexOf('>', open);
            if (close < 0) {
                return Optional.empty();
            }
            int end = unquoted(header, ',', close + 1);
            if (isNext(header, close + 1, end)) {
                return Optional.of(header.substring(open + 1, close));
            }
            at = end;
        }
    }

    /** Whether the first {@code rel} among a link's parameters names {@code next} as one of its relations. */
    private static boolean isNext(String header, int start, int end) {
        int at = start;
        while (at < end) {
            int semicolon = Math.min(unquoted(header, ';', at), end);
            String[] parts = header.substring(at, semicolon).strip().split("=", 2);
            if (parts.length == 2 && parts[0].strip().equalsIgnoreCase("rel")) {
                String relations = parts[1].replace('"', ' ').strip().toLowerCase(Locale.ROOT);
                return (" " + relations + " ").contains(" next ");
            }
            at = semicolon + 1;
        }
        return false;
    }

    /** Where the next {@code wanted} outside quotes stands, or the end. */
    private static int unquoted(String header, char wanted, int start) {
        boolean quoted = false;
        for (int i = start; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == wanted && !quoted) {
                return i;
            }
        }
        return header.length();
    }
}
