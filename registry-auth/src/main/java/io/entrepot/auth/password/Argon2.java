package io.entrepot.auth.password;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** The parameters of Argon2id, and hashes in its PHC string form {@code $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH}. */
record Argon2(int memoryKib, int passes, int lanes) {
    static final Argon2 DEFAULT = new Argon2(19 * 1024, 2, 1);
    static final int HASH_BYTES = 32;

    // What is stored was made by us or by an administrator; still, no stored text may cost a gigabyte.
    private static final int MAX_MEMORY_KIB = 256 * 1024;
    private static final int MAX_PASSES = 16;
    private static final int MAX_LANES = 8;
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=([0-9]{1,6}),t=([0-9]{1,2}),p=([0-9])\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    /** A hash, with what it was made of. */
    static final class Known {
        private final Argon2 parameters;
        private final byte[] salt;
        private final byte[] hash;

        private Known(Argon2 parameters, byte[] salt, byte[] hash) {
            this.parameters = parameters;
            this.salt = salt;
            this.hash = hash;
        }

        Argon2 parameters() {
            return parameters;
        }

        /** Takes the same time wherever the two differ. */
        boolean matches(byte[] password) {
            return MessageDigest.isEqual(hash, parameters.hash(password, salt));
        }
    }

    static Optional<Known> parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        Argon2 parameters = new Argon2(number(m.group(1)), number(m.group(2)), number(m.group(3)));
        try {
            return Optional.of(new Known(
                            parameters,
                            Base64.getDecoder().decode(m.group(4)),
                            Base64.getDecoder().decode(m.group(5))))
                    .filter(k -> parameters.affordable() && k.hash.length == HASH_BYTES);
        } catch (IllegalArgumentException e) {
            // Not base64 after all.
            return Optional.empty();
        }
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    boolean affordable() {
        return lanes >= 1
                && lanes <= MAX_LANES
                && memoryKib >= 8 * lanes
                && memoryKib <= MAX_MEMORY_KIB
                && passes >= 1
                && passes <= MAX_PASSES;
    }

    byte[] hash(byte[] password, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        generator.generateBytes(password, hash);
        return hash;
    }

    String encode(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memoryKib + ",t=" + passes + ",p=" + lanes + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }

    /** Whether an attacker would pay less for a guess. */
    boolean weakerThan(Argon2 other) {
        return memoryKib < other.memoryKib || passes < other.passes;
    }
}
