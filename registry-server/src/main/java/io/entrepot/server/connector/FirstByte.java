package io.entrepot.server.connector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSourceConduit;

/** Gives back the one byte that was looked at before anybody knew what the connection speaks. */
final class FirstByte extends AbstractStreamSourceConduit<StreamSourceConduit> {
    private final byte first;
    private boolean given;

    FirstByte(StreamSourceConduit next, byte first) {
        super(next);
        this.first = first;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (given || !dst.hasRemaining()) {
            return next.read(dst);
        }
        given = true;
        dst.put(first);
        return 1 + Math.max(0, next.read(dst));
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        if (given) {
            return next.read(dsts, offset, length);
        }
        for (int i = offset; i < offset + length; i++) {
            if (dsts[i].hasRemaining()) {
                return read(dsts[i]);
            }
        }
        return 0;
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
        return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
    }

    @Override
    public long transferTo(long count, ByteBuffer throughBuffer, StreamSinkChannel target) throws IOException {
        return Conduits.transfer(this, count, throughBuffer, target);
    }
}
