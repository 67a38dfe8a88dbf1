package io.entrepot.core;

/** Some bytes of a blob: {@code length} of them from {@code offset} on. Neither is negative, nor is their sum. */
public record ByteRange(long offset, long length) {
    public ByteRange {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException("not a range: " + offset + "+" + length);
        }
    }

    public long end() {
        return offset + length;
    }
}
