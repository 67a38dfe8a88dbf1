package io.entrepot.core;

import java.nio.ByteBuffer;

/**
 * A manifest or index, byte for byte: its digest is over these bytes, so nobody ever writes them anew.
 */
public final class Manifest {
    /** The specification asks registries to take at least this, and clients read no more. */
    public static final int MAX_BYTES = 4 << 20;

    private final MediaType mediaType;
    private final Digest digest;
    private final byte[] bytes;

    private Manifest(MediaType mediaType, Digest digest, byte[] bytes) {
        this.mediaType = mediaType;
        this.digest = digest;
        this.bytes = bytes;
    }

    /**
     * @param algorithm that of the digest it is pushed under; SHA-256 for a tag
     * @param bytes belong to the manifest from now on
     * @throws RegistryException.TooLarge above {@link #MAX_BYTES}
     */
    public static Manifest of(MediaType mediaType, Digest.Algorithm algorithm, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new RegistryException.TooLarge(
                    ErrorCode.SIZE_INVALID, MAX_BYTES, "a manifest has at most " + MAX_BYTES + " bytes");
        }
        return new Manifest(mediaType, Digest.of(algorithm, ByteBuffer.wrap(bytes)), bytes);
    }

    /** For stores: bytes whose digest was checked when they came in. */
    public static Manifest stored(MediaType mediaType, Digest digest, byte[] bytes) {
        return new Manifest(mediaType, digest, bytes);
    }

    /**
     * The type of a manifest that came without one: what it says of itself, else what it looks like.
     *
     * @throws RegistryException.Invalid with MANIFEST_INVALID if it is not a manifest or does not say which kind
     */
    public static MediaType typeOf(byte[] bytes) {
        return ManifestReader.read(bytes).mediaType();
    }

    public MediaType mediaType() {
        return mediaType;
    }

    public Digest digest() {
        return digest;
    }

    public int size() {
        return bytes.length;
    }

    /** Read-only, its own position. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    public Descriptor descriptor() {
        return new Descriptor(mediaType, digest, bytes.length);
    }

    /**
     * What it refers to, read strictly and anew at each call.
     *
     * @throws RegistryException.Invalid with MANIFEST_INVALID if it is not a well-formed manifest of its media type
     */
    public Links links() {
        return ManifestReader.read(mediaType, bytes);
    }

    @Override
    public String toString() {
        return mediaType + " " + digest;
    }
}
