package io.entrepot.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A path and the query that is added to it, with all that could be misread escaped. */
final class UriBuilder {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final StringBuilder uri;
    private char separator = '?';

    UriBuilder(String path) {
        uri = new StringBuilder(path);
    }

    void add(String name, String value) {
        uri.append(separator).append(name).append('=');
        separator = '&';
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (literal((char) b)) {
                uri.append((char) b);
            } else {
                uri.append('%').append(HEX.toHexDigits(b));
            }
        }
    }

    /** The unreserved characters, and two that every digest or name has and no parser of queries minds. */
    private static boolean literal(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~:/".indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
