package io.entrepot.core.testkit;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** Reads blobs, by every way that they offer. */
public final class Bytes {
    private Bytes() {}

    /** All the bytes, by {@link Blob#stream}. The blob stays open. */
    public static byte[] of(Blob blob) {
        return of(blob, 0, blob.size());
    }

    public static byte[] of(Blob blob, long from, long to) {
        try (InputStream in = blob.stream(new ByteRange(from, to - from))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All the bytes, once for each way to them that this blob has. */
    public static List<byte[]> everyWay(Blob blob) {
        List<byte[]> all = new ArrayList<>();
        all.add(of(blob));
        blob.memory().ifPresent(memory -> all.add(of(memory)));
        blob.file().ifPresent(file -> all.add(of(file, (int) blob.size())));
        return all;
    }

    public static byte[] of(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static byte[] of(FileChannel file, int size) {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        try {
            while (buffer.hasRemaining() && file.read(buffer, buffer.position()) >= 0) {
                // Goes on until all is read or the file ends early.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(buffer.flip());
    }
}
