package io.entrepot.auth.account;

import com.google.common.hash.Hashing;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of API keys: {@code rgk_ID_SECRET}, where the secret is 256 random bits as 43 letters and digits and is followed
 * by a checksum of 6. The prefix and the checksum let scanners find keys that were published by mistake, and let a
 * mistyped key be told without a look-up.
 */
public final class ApiKeys {
    private static final String PREFIX = "rgk_";
    private static final int ID_LENGTH = 12;
    private static final int SECRET_LENGTH = 43;
    private static final int CHECK_LENGTH = 6;
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int ID_DIGITS = 36;
    private static final Pattern ID = Pattern.compile("[0-9a-z]{12}");
    private static final Pattern FORM = Pattern.compile("rgk_([0-9a-z]{12})_[0-9A-Za-z]{49}");

    private ApiKeys() {}

    /** Whether somebody meant this as an API key, rightly or wrongly: no password begins so. */
    public static boolean looksLikeOne(String text) {
        return text.startsWith(PREFIX);
    }

    /** The id in the text of a key, if the text has the form of one and its checksum holds. */
    public static Optional<String> idOf(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int end = text.length() - CHECK_LENGTH;
        return checksum(text.substring(0, end)).equals(text.substring(end))
                ? Optional.of(matcher.group(1))
                : Optional.empty();
    }

    /** Whether this can be the id of a key, and so is that of no other credential. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    static String newId(SecureRandom random) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(DIGITS.charAt(random.nextInt(ID_DIGITS)));
        }
        return id.toString();
    }

    static String newText(String id, SecureRandom random) {
        String text = PREFIX + id + "_" + digits(new BigInteger(256, random), SECRET_LENGTH);
        return text + checksum(text);
    }

    /** What is stored of a key's text. No salt: nobody guesses 256 random bits. */
    static String hash(String text) {
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    }

    /** Takes the same time wherever the two differ. */
    static boolean matches(ApiKey key, String text) {
        return MessageDigest.isEqual(
                key.secretHash().getBytes(StandardCharsets.US_ASCII), hash(text).getBytes(StandardCharsets.US_ASCII));
    }

    private static String checksum(String text) {
        int crc = Hashing.crc32().hashString(text, StandardCharsets.US_ASCII).asInt();
        return digits(BigInteger.valueOf(Integer.toUnsignedLong(crc)), CHECK_LENGTH);
    }

    private static String digits(BigInteger number, int length) {
        char[] digits = new char[length];
        BigInteger rest = number;
        for (int i = length - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(DIGITS.length()));
            digits[i] = DIGITS.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(digits);
    }
}
