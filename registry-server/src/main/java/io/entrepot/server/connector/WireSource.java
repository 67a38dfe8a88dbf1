package io.entrepot.server.connector;

import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.ChannelListeners;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The reading side of a connection, right above the socket or TLS. Hands out the headers of one request, then its body, and
 * keeps back what follows until that request is done with. Refuses a TLS greeting with words, reads along with headers
 * and chunked bodies, and after the last answer takes what the client still sends, within limits, so that the answer is
 * not lost in a reset.
 */
final class WireSource extends AbstractStreamSourceConduit<StreamSourceConduit> {
    private static final int TLS_HANDSHAKE = 0x16;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ConduitStreamSourceChannel channel;
    private final StreamSourceConduit socket;
    private final Wire wire;
    private final WireSink sink;
    private final ByteBufferPool buffers;
    private final long mostDiscarded;
    private HeadScanner head = new HeadScanner();
    private ByteBuffer kept = NOTHING;
    private boolean greeted;
    private boolean bypassing;
    private long discarded;

    /** @param channel the top of the same side of the connection that goes by {@code socket} */
    WireSource(
            ConduitStreamSourceChannel channel,
            StreamConnection socket,
            Wire wire,
            WireSink sink,
            ByteBufferPool buffers,
            long mostDiscarded) {
        super(channel.getConduit());
        this.channel = channel;
        this.socket = socket.getSourceChannel().getConduit();
        this.wire = wire;
        this.sink = sink;
        this.buffers = buffers;
        this.mostDiscarded = mostDiscarded;
    }

    Wire wire() {
        return wire;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (wire.ending()) {
            return discard();
        }
        int from = dst.position();
        int count = take(dst);
        if (count <= 0) {
            return count;
        }
        if (wire.phase() == Wire.Phase.REQUEST) {
            return body(dst, from, from + count);
        }
        wire.headBegins();
        if (!greeted) {
            greeted = true;
            if (!wire.tls() && dst.get(from) == TLS_HANDSHAKE) {
                sink.refuseTls();
                return nothing(dst, from);
            }
        }
        return head(dst, from, from + count);
    }

    private int take(ByteBuffer dst) throws IOException {
        if (kept.hasRemaining()) {
            int count = Math.min(kept.remaining(), dst.remaining());
            dst.put(dst.position(), kept, kept.position(), count);
            dst.position(dst.position() + count);
            kept.position(kept.position() + count);
            return count;
        }
        int count = next.read(dst);
        if (count > 0) {
            wire.received(count);
        }
        return count;
    }

    private int head(ByteBuffer dst, int from, int to) throws IOException {
        int end = head.scan(dst, from, to);
        Refusal refusal = head.refusal();
        if (refusal != null) {
            sink.refuse(refusal);
            return nothing(dst, from);
        }
        if (head.ended()) {
            head = new HeadScanner();
        }
        keep(dst, end, to);
        return end - from;
    }

    private int body(ByteBuffer dst, int from, int to) throws IOException {
        ChunkScanner chunks = wire.chunks();
        if (chunks == null) {
            return to - from;
        }
        int end = chunks.scan(dst, from, to);
        if (end < 0) {
            throw new IOException("the chunked body is broken or its trailers are too long");
        }
        keep(dst, end, to);
        return end - from;
    }

    /** What is beyond {@code end} comes again with the next read; it lies before what is kept already. */
    private void keep(ByteBuffer dst, int end, int to) {
        if (end < to) {
            ByteBuffer rest = ByteBuffer.allocate(to - end + kept.remaining());
            rest.put(0, dst, end, to - end);
            rest.put(to - end, kept, kept.position(), kept.remaining());
            kept = rest;
            dst.position(end);
        }
    }

    private static int nothing(ByteBuffer dst, int from) {
        dst.position(from);
        return 0;
    }

    /** Whether the rest of a chunked body is here already; {@code chunks} is used up by the question. */
    boolean holdsRestOf(ChunkScanner chunks) {
        return chunks.scan(kept, kept.position(), kept.limit()) >= 0 && chunks.done();
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
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

    /** Keeps the socket readable: a client that is still sending would be reset before it has read our answer. */
    @Override
    public void terminateReads() {
        suspendReads();
    }

    @Override
    public void resumeReads() {
        wire.waitsToRead(true);
        if (bypassesTls()) {
            socket.resumeReads();
        } else if (!kept.hasRemaining()) {
            super.resumeReads();
        } else if (wire.tls()) {
            channel.getIoThread().execute(this::readKept);
        } else {
            super.wakeupReads();
        }
    }

    /** What wakes up a socket is for Undertow's TLS, if no new bytes come by it, a loop that it ends by closing. */
    private void readKept() {
        int before = kept.remaining();
        if (wire.waitsToRead() && before > 0) {
            ChannelListeners.invokeChannelListener(channel, channel.getReadListener());
        }
        if (wire.waitsToRead() && (!kept.hasRemaining() || kept.remaining() != before)) {
            resumeReads();
        }
    }

    /**
     * Once nothing is written any more, what still comes is not worth decrypting: it is taken from the socket itself, and
     * Undertow's TLS is not asked again.
     */
    private boolean bypassesTls() {
        if (!bypassing && wire.tls() && wire.ending()) {
            bypassing = true;
            super.suspendReads();
            socket.setReadReadyHandler(new ReadReadyHandler.ChannelListenerHandler<>(channel));
        }
        return bypassing;
    }

    @Override
    public boolean isReadResumed() {
        return bypassing ? socket.isReadResumed() : super.isReadResumed();
    }

    @Override
    public void wakeupReads() {
        wire.waitsToRead(true);
        if (bypassesTls()) {
            socket.wakeupReads();
        } else {
            super.wakeupReads();
        }
    }

    @Override
    public void suspendReads() {
        wire.waitsToRead(false);
        if (bypassing) {
            socket.suspendReads();
        } else {
            super.suspendReads();
        }
    }

    @Override
    public void awaitReadable() throws IOException {
        if (kept.hasRemaining()) {
            return;
        }
        wire.waitsToRead(true);
        if (bypassing) {
            socket.awaitReadable();
        } else {
            super.awaitReadable();
        }
        wire.waitsToRead(false);
    }

    @Override
    public void awaitReadable(long time, TimeUnit timeUnit) throws IOException {
        if (kept.hasRemaining()) {
            return;
        }
        wire.waitsToRead(true);
        if (bypassing) {
            socket.awaitReadable(time, timeUnit);
        } else {
            super.awaitReadable(time, timeUnit);
        }
        wire.waitsToRead(false);
    }

    /** Nothing, until the client has closed (-1) or sent more than we care to read (-1 as well). */
    private int discard() throws IOException {
        try (PooledByteBuffer pooled = buffers.allocate()) {
            ByteBuffer scratch = pooled.getBuffer();
            while (discarded <= mostDiscarded) {
                scratch.clear();
                int count = socket.read(scratch); // not worth decrypting
                if (count <= 0) {
                    return count;
                }
                discarded += count;
            }
            return -1;
        }
    }
}
