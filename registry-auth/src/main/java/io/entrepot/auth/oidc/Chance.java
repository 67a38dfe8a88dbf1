package io.entrepot.auth.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Words of 256 bits that nobody guesses, and what may be kept of them. */
final class Chance {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Chance() {}

    /** 43 letters, digits, dashes and underscores. */
    static String word(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    /** SHA-256 in the same letters. */
    static String hash(String word) {
        try {
            return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(word.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** In a time that does not tell where they differ. */
    static boolean same(String expected, String shown) {
        return MessageDigest.isEqual(
                hash(expected).getBytes(US_ASCII), hash(shown).getBytes(US_ASCII));
    }
}
