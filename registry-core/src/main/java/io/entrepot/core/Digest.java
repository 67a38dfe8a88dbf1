package io.entrepot.core;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The address of content by its bytes, {@code sha256:<64 hex>} or {@code sha512:<128 hex>}, hex in lower case. Two
 * algorithms over the same bytes are two addresses; only the one that was pushed is known.
 */
public record Digest(Algorithm algorithm, String hex) implements Reference, Comparable<Digest> {

    /** The algorithms of the image specification that this registry accepts. */
    public enum Algorithm {
        SHA256("SHA-256", 64),
        SHA512("SHA-512", 128);

        private final String label = name().toLowerCase(Locale.ROOT);
        private final String jdkName;
        private final int hexLength;

        Algorithm(String jdkName, int hexLength) {
            this.jdkName = jdkName;
            this.hexLength = hexLength;
        }

        /** As it stands in a digest: {@code sha256}. */
        public String label() {
            return label;
        }

        /** A fresh one of the JDK's: others were measured several times slower. */
        public MessageDigest newMessageDigest() {
            try {
                return MessageDigest.getInstance(jdkName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + jdkName, e);
            }
        }

        public static Optional<Algorithm> labelled(String label) {
            for (Algorithm a : values()) {
                if (a.label.equals(label)) {
                    return Optional.of(a);
                }
            }
            return Optional.empty();
        }
    }

    public Digest {
        if (!lowerHex(hex, algorithm.hexLength)) {
            throw RegistryException.invalidDigest(
                    "a " + algorithm.label + " digest has " + algorithm.hexLength + " lower-case hexadecimal digits");
        }
    }

    /**
     * Reads {@code algorithm:hex}.
     *
     * @throws RegistryException.Invalid with DIGEST_INVALID for any other form or algorithm
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw RegistryException.invalidDigest("a digest has the form algorithm:hex");
        }
        Algorithm algorithm = Algorithm.labelled(text.substring(0, colon))
                .orElseThrow(() -> RegistryException.invalidDigest(
                        "unsupported digest algorithm: this registry knows sha256 and sha512"));
        return new Digest(algorithm, text.substring(colon + 1));
    }

    /** The digest of these bytes; their position does not move. */
    public static Digest of(Algorithm algorithm, ByteBuffer bytes) {
        MessageDigest hash = algorithm.newMessageDigest();
        hash.update(bytes.duplicate());
        return of(algorithm, hash);
    }

    /** What a hash that has seen all the bytes comes to. The hash is reset by it. */
    public static Digest of(Algorithm algorithm, MessageDigest hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash.digest()));
    }

    private static boolean lowerHex(String hex, int length) {
        if (hex.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = hex.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(Digest other) {
        int byAlgorithm = algorithm.compareTo(other.algorithm);
        return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return algorithm.label + ":" + hex;
    }
}
