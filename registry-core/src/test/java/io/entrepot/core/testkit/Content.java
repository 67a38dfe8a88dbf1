package io.entrepot.core.testkit;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.MediaType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that a test pushes, and what they are called. */
public final class Content {
    private static final MediaType LAYER = new MediaType("application/vnd.oci.image.layer.v1.tar+gzip");

    private final byte[] bytes;
    private final Digest digest;

    public Content(byte[] bytes) {
        this.bytes = bytes.clone();
        this.digest = digest(Digest.Algorithm.SHA256);
    }

    public static Content of(String text) {
        return new Content(text.getBytes(StandardCharsets.UTF_8));
    }

    public Digest digest() {
        return digest;
    }

    public Digest digest(Digest.Algorithm algorithm) {
        return Digest.of(algorithm, ByteBuffer.wrap(bytes));
    }

    public int size() {
        return bytes.length;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public byte[] bytes(long from, long to) {
        return Arrays.copyOfRange(bytes, (int) from, (int) to);
    }

    /** Read-only, its own position. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    public ByteBuffer buffer(long from, long to) {
        return buffer().position((int) from).limit((int) to);
    }

    /** As a manifest names it among its layers. */
    public Descriptor layer() {
        return as(LAYER);
    }

    public Descriptor as(MediaType type) {
        return new Descriptor(type, digest, bytes.length);
    }

    @Override
    public String toString() {
        return digest + " (" + bytes.length + " bytes)";
    }
}
