package io.entrepot.auth.password;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a new password must be. Old ones, and those of other realms, are taken as they are. */
public final class PasswordRules {
    public static final int MIN_LENGTH = 8;

    // Shipped with some product, or the first that anybody tries. Compared without case.
    private static final Set<String> KNOWN = Set.of(
            "admin123",
            "admin1234",
            "administrator",
            "harbor12345",
            "password",
            "password1",
            "password123",
            "passw0rd",
            "p@ssw0rd",
            "p@ssword",
            "12345678",
            "123456789",
            "1234567890",
            "11111111",
            "00000000",
            "qwertyui",
            "qwerty123",
            "qwertyuiop",
            "iloveyou",
            "changeme",
            "changeit",
            "letmein1",
            "welcome1",
            "minioadmin",
            "nexus123",
            "registry",
            "entrepot",
            "docker123",
            "rootroot",
            "testtest");

    private PasswordRules() {}

    /** Why this cannot be the new password of that user, in a sentence; nothing if it can. */
    public static Optional<String> objection(String user, String password) {
        if (password.codePointCount(0, password.length()) < MIN_LENGTH) {
            return Optional.of("a password has at least " + MIN_LENGTH + " characters");
        }
        if (password.length() > PasswordHasher.MAX_BYTES) {
            return Optional.of("a password has at most " + PasswordHasher.MAX_BYTES + " bytes of UTF-8");
        }
        if (password.indexOf('\0') >= 0) {
            return Optional.of("a password holds no zero character");
        }
        String lower = password.toLowerCase(Locale.ROOT);
        if (KNOWN.contains(lower) || password.chars().distinct().count() == 1) {
            return Optional.of("this password is one of the first that anybody tries: take another");
        }
        String name = user.toLowerCase(Locale.ROOT);
        if (lower.equals(name) || lower.equals(name + name) || lower.startsWith(name) && digits(lower, name.length())) {
            return Optional.of("a password is not made of the user's name");
        }
        return Optional.empty();
    }

    private static boolean digits(String text, int from) {
        return text.substring(from).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
