package io.entrepot.core.memory;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** An object of a {@link MemoryBlobStore} that somebody reads. Holds its bytes, so deleting the object takes nothing away. */
record MemoryBlob(Digest digest, Chunks bytes) implements Blob {
    @Override
    public long size() {
        return bytes.size();
    }

    @Override
    public Optional<ByteBuffer> memory() {
        return bytes.whole();
    }

    @Override
    public InputStream stream(ByteRange range) {
        if (range.end() > size()) {
            throw new IllegalArgumentException(range + " is not within " + size() + " bytes");
        }
        return bytes.stream(range.offset(), range.end());
    }

    @Override
    public void close() {
        // Nothing is held but memory.
    }
}
