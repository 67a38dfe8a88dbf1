package io.entrepot.core.memory;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Bytes in arrays that grow with them: at first small ones, so that a thousand configs cost little, later a MiB each,
 * so that nothing large is ever copied. Not safe for several threads until {@link #finish}, immutable afterwards.
 */
final class Chunks {
    private static final int SMALLEST = 8 << 10;
    private static final int LARGEST = 1 << 20;

    private final List<byte[]> arrays = new ArrayList<>();
    private long capacity;
    private long size;

    long size() {
        return size;
    }

    void append(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (size == capacity) {
                int length = (int) Math.max(SMALLEST, Math.min(capacity, LARGEST));
                arrays.add(new byte[length]);
                capacity += length;
            }
            byte[] last = arrays.get(arrays.size() - 1);
            int free = (int) (capacity - size);
            int part = Math.min(free, bytes.remaining());
            bytes.get(last, last.length - free, part);
            size += part;
        }
    }

    /** Gives back what the last array has too much, and makes one array of few bytes. */
    void finish() {
        if (size < capacity) {
            int last = arrays.size() - 1;
            byte[] array = arrays.get(last);
            arrays.set(last, Arrays.copyOf(array, (int) (array.length - (capacity - size))));
            capacity = size;
        }
        if (arrays.size() > 1 && size <= LARGEST) {
            ByteBuffer one = ByteBuffer.allocate((int) size);
            arrays.forEach(one::put);
            arrays.clear();
            arrays.add(one.array());
        }
    }

    /** All the bytes as one buffer, if they are in one array. */
    Optional<ByteBuffer> whole() {
        return switch (arrays.size()) {
            case 0 -> Optional.of(ByteBuffer.allocate(0).asReadOnlyBuffer());
            case 1 -> Optional.of(ByteBuffer.wrap(arrays.get(0)).asReadOnlyBuffer());
            default -> Optional.empty();
        };
    }

    void hash(MessageDigest hash) {
        long left = size;
        for (byte[] array : arrays) {
            int part = (int) Math.min(left, array.length);
            hash.update(array, 0, part);
            left -= part;
        }
    }

    /** Copies bytes from {@code at} on, as many as there are and fit, and says how many. */
    int read(long at, ByteBuffer into) {
        long start = 0;
        int copied = 0;
        for (byte[] array : arrays) {
            long from = Math.max(0, at + copied - start);
            long to = Math.min(array.length, size - start);
            if (from < to && into.hasRemaining()) {
                int part = (int) Math.min(to - from, into.remaining());
                into.put(array, (int) from, part);
                copied += part;
            }
            start += array.length;
        }
        return copied;
    }

    InputStream stream(long from, long to) {
        List<InputStream> parts = new ArrayList<>();
        long start = 0;
        for (byte[] array : arrays) {
            int begin = (int) Math.max(0, Math.min(array.length, from - start));
            int end = (int) Math.max(0, Math.min(array.length, to - start));
            if (begin < end) {
                parts.add(new ByteArrayInputStream(array, begin, end - begin));
            }
            start += array.length;
        }
        return parts.size() == 1 ? parts.get(0) : new SequenceInputStream(Collections.enumeration(parts));
    }
}
