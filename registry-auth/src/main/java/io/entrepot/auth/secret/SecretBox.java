package io.entrepot.auth.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals secrets that have to be kept, by AES-256-GCM, into text such as {@code sealed:v1:1f0c9a2e:…}, which names the key
 * but says nothing else. What was sealed for one purpose does not open for another, so that no envelope can be moved.
 */
public final class SecretBox {
    private static final String PREFIX = "sealed:v1:";
    private static final Pattern FORM = Pattern.compile("sealed:v1:([0-9a-f]{8}):([A-Za-z0-9_-]{38,})");
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final MasterKey current;
    private final Map<String, MasterKey> known = new HashMap<>();
    private final SecureRandom random;

    /**
     * @param current what is sealed from now on is sealed under
     * @param older what was sealed before may have been sealed under
     */
    public SecretBox(MasterKey current, List<MasterKey> older, SecureRandom random) {
        this.current = current;
        this.random = random;
        older.forEach(key -> known.put(key.id(), key));
        known.put(current.id(), current);
    }

    /** @param purpose what it is the secret of, such as {@code registry/hub/password}; needed again to open it */
    public String seal(String purpose, String secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, current, nonce, purpose)
                    .doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] envelope = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return PREFIX + current.id() + ":"
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(envelope);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /** @throws SecretException if it is no envelope, was changed, or was sealed for something else or under another key */
    public String open(String purpose, String envelope) {
        Matcher matcher = matched(envelope);
        MasterKey key = known.get(matcher.group(1));
        if (key == null) {
            throw new SecretException("the secret " + purpose + " was sealed under the master key " + matcher.group(1)
                    + ", which is not here: bring that key back, or set the secret anew");
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(matcher.group(2));
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            byte[] nonce = new byte[NONCE_BYTES];
            buffer.get(nonce);
            byte[] sealed = new byte[buffer.remaining()];
            buffer.get(sealed);
            return new String(cipher(Cipher.DECRYPT_MODE, key, nonce, purpose).doFinal(sealed), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SecretException(
                    "the secret " + purpose + " does not open: it was changed, or sealed for something else", e);
        }
    }

    /** The same secret under the current key; the envelope itself if it is already. */
    public String reseal(String purpose, String envelope) {
        return current(envelope) ? envelope : seal(purpose, open(purpose, envelope));
    }

    /** Whether it was sealed under the current key. */
    public boolean current(String envelope) {
        return matched(envelope).group(1).equals(current.id());
    }

    /** Whether a text has the form of an envelope, and so is not itself a secret. */
    public static boolean isSealed(String text) {
        return FORM.matcher(text).matches();
    }

    private static Matcher matched(String envelope) {
        Matcher matcher = FORM.matcher(envelope);
        if (!matcher.matches()) {
            throw new SecretException("not a sealed secret");
        }
        return matcher;
    }

    private static Cipher cipher(int mode, MasterKey key, byte[] nonce, String purpose)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((key.id() + ":" + purpose).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
