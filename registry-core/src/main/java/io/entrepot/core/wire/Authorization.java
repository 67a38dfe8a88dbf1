package io.entrepot.core.wire;

import io.entrepot.core.access.Credentials;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** What the {@code Authorization} header of a request shows (RFC 7235, 7617, 6750). */
public final class Authorization {
    static final int MAX_LENGTH = 16 << 10;
    /** Of a name, and of a password, in bytes. */
    static final int MAX_PART_BYTES = 4 << 10;

    private static final boolean[] TOKEN_CHARACTERS = new boolean[128];

    static {
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~+/-"
                .chars()
                .forEach(c -> TOKEN_CHARACTERS[c] = true);
    }

    private Authorization() {}

    /**
     * Reads all headers of that name. Any text will do: what is not understood is {@link Credentials.Malformed}, and only
     * a request without the header shows nothing.
     */
    public static Credentials parse(List<String> headerValues) {
        if (headerValues.isEmpty()) {
            return new Credentials.None();
        }
        if (headerValues.size() > 1) {
            return malformed("it stands there " + headerValues.size() + " times");
        }
        String value = headerValues.get(0).strip();
        if (value.length() > MAX_LENGTH) {
            return malformed("it is longer than " + MAX_LENGTH + " characters");
        }
        int space = value.indexOf(' ');
        if (space < 0) {
            return malformed("it is not a scheme and what belongs to it");
        }
        String shown = value.substring(space + 1).strip();
        return switch (value.substring(0, space).toLowerCase(Locale.ROOT)) {
            case "basic" -> basic(shown);
            case "bearer" -> bearer(shown);
            default -> malformed("its scheme is neither Basic nor Bearer");
        };
    }

    private static Credentials bearer(String shown) {
        return isToken(shown)
                ? new Credentials.Bearer(shown)
                : malformed("a bearer token has characters that no token has");
    }

    /** RFC 6750, section 2.1. By hand, since a pattern took as long as all the rest of a small pull. */
    private static boolean isToken(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c >= TOKEN_CHARACTERS.length || !TOKEN_CHARACTERS[c]) {
                return false;
            }
        }
        return end > 0;
    }

    private static Credentials basic(String shown) {
        byte[] bytes;
        String text;
        try {
            bytes = Base64.getDecoder().decode(shown);
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException e) {
            return malformed("what follows Basic is not Base64");
        } catch (CharacterCodingException e) {
            return malformed("name and password are not UTF-8");
        }
        // The decoder forgives a missing end; one credential has one spelling.
        if (!Base64.getEncoder().encodeToString(bytes).equals(shown)) {
            return malformed("what follows Basic is not Base64");
        }
        int colon = text.indexOf(':');
        return colon < 0
                ? malformed("there is no colon between name and password")
                : password(text.substring(0, colon), text.substring(colon + 1));
    }

    private static Credentials password(String user, String secret) {
        if (user.isEmpty() || secret.isEmpty()) {
            return malformed("name or password is empty");
        }
        if (user.chars().anyMatch(Character::isISOControl) || secret.indexOf('\0') >= 0) {
            return malformed("name or password has a control character");
        }
        if (bytes(user) > MAX_PART_BYTES || bytes(secret) > MAX_PART_BYTES) {
            return malformed("name or password has more than " + MAX_PART_BYTES + " bytes");
        }
        return new Credentials.Password(user, secret);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Nothing of what was sent stands in the reason: it may be half a password. */
    private static Credentials malformed(String why) {
        return new Credentials.Malformed("the Authorization header is malformed: " + why);
    }
}
