package io.entrepot.auth.secret;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of 256 bits that other secrets are sealed under, and the id that tells which it was. As text it is 43 characters of
 * URL-safe base64, which is how a file, or a variable of the environment, holds it.
 */
public final class MasterKey {
    private static final int BYTES = 32;
    private static final int ID_BYTES = 4;

    private final byte[] bytes;
    private final String id;

    private MasterKey(byte[] bytes) {
        this.bytes = bytes;
        this.id = idOf(bytes);
    }

    public static MasterKey generate(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new MasterKey(bytes);
    }

    /** @throws SecretException if it is not the text of a key; the text is not repeated */
    public static MasterKey parse(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text.strip());
            if (bytes.length == BYTES) {
                return new MasterKey(bytes);
            }
        } catch (IllegalArgumentException e) {
            // Said below: what was wrong with it might tell what it was.
        }
        throw new SecretException("a master key is 43 characters of URL-safe base64, which stand for 256 bits");
    }

    private static String idOf(byte[] bytes) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update((byte) 'k');
            return HexFormat.of().formatHex(Arrays.copyOf(hash.digest(bytes), ID_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Eight hexadecimal digits, which tell nothing of the key. */
    public String id() {
        return id;
    }

    SecretKey key() {
        return new SecretKeySpec(bytes, "AES");
    }

    /** What {@link #parse} reads: the secret itself. */
    String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The id only. */
    @Override
    public String toString() {
        return "master key " + id;
    }
}
