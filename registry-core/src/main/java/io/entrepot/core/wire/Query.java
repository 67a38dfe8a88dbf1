package io.entrepot.core.wire;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of a query, decoded. A plus sign is a plus sign: media types contain it and clients send it as it is.
 * Of a parameter that may stand once, the first is taken.
 */
final class Query {
    private static final Query EMPTY = new Query(List.of());

    private final List<Parameter> parameters;

    private record Parameter(String name, String value) {}

    private Query(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /** @throws RegistryException.Invalid if an escape or the UTF-8 behind it is malformed */
    static Query parse(String raw) {
        if (raw.isEmpty()) {
            return EMPTY;
        }
        List<Parameter> parameters = new ArrayList<>(4);
        int start = 0;
        while (start < raw.length()) {
            int ampersand = raw.indexOf('&', start);
            int end = ampersand < 0 ? raw.length() : ampersand;
            if (end > start) {
                int equals = raw.indexOf('=', start);
                boolean bare = equals < 0 || equals > end;
                String name = decode(raw, start, bare ? end : equals);
                parameters.add(new Parameter(name, bare ? "" : decode(raw, equals + 1, end)));
            }
            start = end + 1;
        }
        return new Query(parameters);
    }

    Optional<String> first(String name) {
        for (Parameter p : parameters) {
            if (p.name.equals(name)) {
                return Optional.of(p.value);
            }
        }
        return Optional.empty();
    }

    List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (Parameter p : parameters) {
            if (p.name.equals(name)) {
                values.add(p.value);
            }
        }
        return values;
    }

    private static String decode(String raw, int start, int end) {
        boolean plain = true;
        for (int i = start; i < end; i++) {
            char c = raw.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw malformed();
            }
            plain &= c != '%';
        }
        return plain ? raw.substring(start, end) : unescape(raw, start, end);
    }

    private static String unescape(String raw, int start, int end) {
        ByteBuffer bytes = ByteBuffer.allocate(end - start);
        for (int i = start; i < end; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                if (i + 2 >= end) {
                    throw malformed();
                }
                c = (char) (hex(raw.charAt(i + 1)) << 4 | hex(raw.charAt(i + 2)));
                i += 2;
                // No name, tag or type contains it, and databases choke on it.
                if (c == 0) {
                    throw malformed();
                }
            }
            bytes.put((byte) c);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static int hex(char c) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw malformed();
        }
        return digit;
    }

    private static RegistryException.Invalid malformed() {
        return new RegistryException.Invalid(
                ErrorCode.UNSUPPORTED,
                "the query is malformed: an escape is a percent sign and two hexadecimal digits, and stands for UTF-8");
    }
}
