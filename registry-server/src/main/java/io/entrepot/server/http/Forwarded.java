package io.entrepot.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the header {@code Forwarded} (RFC 7239): one set of parameters for each proxy, the one nearest to us last. */
final class Forwarded {
    private static final int MOST_ELEMENTS = 64;

    private Forwarded() {}

    /** Nothing if the header cannot be understood as a whole. Names are in lower case. */
    static List<Map<String, String>> parse(String header) {
        List<Map<String, String>> elements = new ArrayList<>();
        for (String element : split(header, ',')) {
            Map<String, String> pairs = new LinkedHashMap<>();
            for (String pair : split(element, ';')) {
                int equals = pair.indexOf('=');
                if (pair.isBlank()) {
                    continue;
                }
                if (equals < 1 || elements.size() == MOST_ELEMENTS) {
                    return List.of();
                }
                String name = pair.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                if (pairs.put(name, unquoted(pair.substring(equals + 1).strip())) != null) {
                    return List.of();
                }
            }
            elements.add(pairs);
        }
        return elements;
    }

    /** At each {@code separator} that is not between quotes. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }
}
