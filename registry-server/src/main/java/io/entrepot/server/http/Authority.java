package io.entrepot.server.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and perhaps its port, as in {@code Host}. Nothing but letters, digits, dots, hyphens and underscores passes, or an
 * IPv6 address between brackets: what is made of it can be put into a header or a page without a second thought.
 *
 * @param port 0 if it is not said
 */
record Authority(String host, int port) {
    private static final int LONGEST = 255;
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9.])?|\\[[0-9A-Fa-f:.]{2,45}])(?::(\\d{1,5}))?");

    /** Nothing if it is not exactly that. */
    static Optional<Authority> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (text.length() > LONGEST || !matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group(1);
        if (host.startsWith("[")
                && (host.indexOf(':') < 0
                        || Cidr.address(host.substring(1, host.length() - 1)).isEmpty())) {
            return Optional.empty();
        }
        if (matcher.group(2) == null) {
            return Optional.of(new Authority(host, 0));
        }
        return port(matcher.group(2)).map(port -> new Authority(host, port));
    }

    /** A port that can be one. */
    static Optional<Integer> port(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(text)).filter(p -> p >= 1 && p <= 65535);
    }

    Authority withPort(int other) {
        return new Authority(host, other);
    }
}
