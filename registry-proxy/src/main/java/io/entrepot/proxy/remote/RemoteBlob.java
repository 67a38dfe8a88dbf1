package io.entrepot.proxy.remote;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Function;

/**
 * A blob of a remote registry. The first stream from its beginning is the body of the request that opened it; every other
 * one is a request of its own.
 *
 * <p>Its streams verify nothing: whoever wants to rely on the bytes hashes them. But they end only where they should, and
 * with an {@link IOException} if the registry stops before that; what it sends beyond is not read.
 */
final class RemoteBlob implements Blob {

    /** An answer whose body has the wanted bytes behind {@code skip} others. */
    record Part(Reply reply, long skip) {}

    private final Digest digest;
    private final long size;
    private final Function<ByteRange, Part> parts;
    private Optional<Reply> unread;

    RemoteBlob(Digest digest, long size, Reply unread, Function<ByteRange, Part> parts) {
        this.digest = digest;
        this.size = size;
        this.unread = Optional.of(unread);
        this.parts = parts;
    }

    @Override
    public Digest digest() {
        return digest;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream stream(ByteRange range) {
        if (range.end() > size) {
            throw new IllegalArgumentException(range + " is not within " + size + " bytes");
        }
        if (range.length() == 0) {
            return InputStream.nullInputStream();
        }
        if (range.offset() == 0 && unread.isPresent()) {
            Reply whole = unread.get();
            unread = Optional.empty();
            return new ExactStream(whole, 0, range.length());
        }
        Part part = parts.apply(range);
        return new ExactStream(part.reply(), part.skip(), range.length());
    }

    /** Streams that are still open stay so. */
    @Override
    public void close() {
        unread.ifPresent(Reply::close);
        unread = Optional.empty();
    }
}
