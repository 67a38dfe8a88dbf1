package io.entrepot.auth.password;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Optional;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Hashes passwords by Argon2id (19 MiB, 2 passes, 1 lane) and verifies them, bcrypt's too. Each call takes tens of
 * milliseconds of a core: {@link HashingGate} bounds how many there are at once.
 *
 * <p>A password is the UTF-8 of its NFC form, so that it does not matter how a keyboard makes an accent: 1 to 1,024 bytes.
 */
public final class PasswordHasher {
    public static final int MAX_BYTES = 1_024;

    private static final int SALT_BYTES = 16;

    private final SecureRandom random;
    private final Argon2 parameters;
    private final String nobodys;

    /** With the parameters above. */
    public PasswordHasher(SecureRandom random) {
        this(random, Argon2.DEFAULT);
    }

    /**
     * With other ones, for machines that can afford more; or for tests.
     *
     * @throws IllegalArgumentException if they are out of all proportion
     */
    public PasswordHasher(SecureRandom random, int memoryKib, int passes) {
        this(random, new Argon2(memoryKib, passes, 1));
    }

    private PasswordHasher(SecureRandom random, Argon2 parameters) {
        if (!parameters.affordable()) {
            throw new IllegalArgumentException("Argon2id takes 8 KiB to 256 MiB and 1 to 16 passes");
        }
        this.random = random;
        this.parameters = parameters;
        this.nobodys = parameters.encode(salt(), new byte[Argon2.HASH_BYTES]);
    }

    /** @throws IllegalArgumentException if it is empty, too long, or no text */
    public String hash(String password) {
        byte[] bytes = bytes(password)
                .orElseThrow(
                        () -> new IllegalArgumentException("a password has 1 to " + MAX_BYTES + " bytes of UTF-8"));
        byte[] salt = salt();
        return parameters.encode(salt, parameters.hash(bytes, salt));
    }

    /**
     * Whether this is the password. No for whatever is not a hash that we know; never throws.
     *
     * @param hash in PHC string form ({@code $argon2id$…}), or bcrypt's ({@code $2a$}, {@code $2b$}, {@code $2y$})
     */
    public boolean matches(String password, String hash) {
        Optional<byte[]> bytes = bytes(password);
        if (bytes.isEmpty()) {
            return false;
        }
        return hash.startsWith("$2") ? matchesBcrypt(bytes.get(), hash) : matchesArgon2(bytes.get(), hash);
    }

    private static boolean matchesArgon2(byte[] password, String hash) {
        return Argon2.parse(hash).map(known -> known.matches(password)).orElse(false);
    }

    private static boolean matchesBcrypt(byte[] password, String hash) {
        try {
            // A zero would end it there: no password is a prefix of another.
            return Bcrypt.affordable(hash)
                    && !contains(password, (byte) 0)
                    && OpenBSDBCrypt.checkPassword(hash, password);
        } catch (IllegalArgumentException e) {
            // Not a hash after all: nothing matches it.
            return false;
        }
    }

    private static boolean contains(byte[] bytes, byte wanted) {
        for (byte b : bytes) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Takes as long as {@link #matches} with a hash made by this, for users that there are not. */
    public void matchNobody(String password) {
        // Whether it does is of no interest: there is no such user.
        boolean ignored = matches(password, nobodys);
    }

    /** Whether a hash is weaker than one made now, so that the next login should replace it. */
    public boolean outdated(String hash) {
        return Argon2.parse(hash)
                .map(known -> known.parameters().weakerThan(parameters))
                .orElse(true);
    }

    private byte[] salt() {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    private static Optional<byte[]> bytes(String password) {
        if (password.isEmpty() || password.length() > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(Normalizer.normalize(password, Normalizer.Form.NFC)));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes.length > MAX_BYTES ? Optional.empty() : Optional.of(bytes);
        } catch (CharacterCodingException e) {
            // Half a surrogate pair: nobody can type that.
            return Optional.empty();
        }
    }
}
