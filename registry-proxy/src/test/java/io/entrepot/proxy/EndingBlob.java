package io.entrepot.proxy;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** A blob whose streams wait at a place until it is closed; what they gave is counted. */
record EndingBlob(Blob blob, long end, AtomicLong sent, AtomicLong closed) implements Blob {
    EndingBlob(Blob blob, long end, AtomicLong sent) {
        this(blob, end, sent, new AtomicLong());
    }

    @Override
    public Digest digest() {
        return blob.digest();
    }

    @Override
    public long size() {
        return blob.size();
    }

    @Override
    public InputStream stream(ByteRange range) {
        return new FilterInputStream(blob.stream(range)) {
            private long at = range.offset();

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                while (at >= end) {
                    if (closed.get() > 0) {
                        throw new IOException("closed");
                    }
                    Thread.onSpinWait();
                }
                int n = super.read(bytes, offset, (int) Math.min(length, end - at));
                at += Math.max(n, 0);
                sent.addAndGet(Math.max(n, 0));
                return n;
            }
        };
    }

    @Override
    public void close() {
        closed.incrementAndGet();
        blob.close();
    }
}
