package io.entrepot.server.connector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;

/** The writing side of a connection, right above the socket or TLS: counts, and knows whether we wait for the client. */
final class WireSink extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private static final byte[] PLAIN_HTTP_ONLY = """
            HTTP/1.0 400 Bad Request\r
            Content-Type: text/plain; charset=utf-8\r
            Connection: close\r
            \r
            This port speaks plain HTTP, not HTTPS: use http:// here, or the port that has TLS.
            """.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final StreamSinkConduit socket;
    private final Wire wire;

    /** @param socket what is right above the socket: {@code next} itself unless TLS is between */
    WireSink(StreamSinkConduit next, StreamSinkConduit socket, Wire wire) {
        super(next);
        this.socket = socket;
        this.wire = wire;
    }

    /** Go clients fall back to plain HTTP when they read an HTTP answer, not when the port just closes. */
    void refuseTls() throws IOException {
        atOnce(PLAIN_HTTP_ONLY);
        terminateWrites();
        flush();
    }

    /** Ends a connection on which a request has come that must go no further. */
    void refuse(Refusal refusal) throws IOException {
        atOnce(refusal.raw());
        terminateWrites();
        flush(); // TLS ends only by it
    }

    /** Asks for the body of a request that awaits it; no answer may have been begun. */
    void sendContinue() throws IOException {
        atOnce(CONTINUE);
    }

    /** A few bytes when nothing else is under way always fit a socket's buffer. */
    private void atOnce(byte[] text) throws IOException {
        if (write(ByteBuffer.wrap(text)) != text.length) {
            throw new IOException("the client takes no bytes");
        }
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        int count = next.write(src);
        wire.sent(count);
        return count;
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        long count = next.write(srcs, offset, length);
        wire.sent(count);
        return count;
    }

    @Override
    public int writeFinal(ByteBuffer src) throws IOException {
        return Conduits.writeFinalBasic(this, src);
    }

    @Override
    public long writeFinal(ByteBuffer[] srcs, int offset, int length) throws IOException {
        return Conduits.writeFinalBasic(this, srcs, offset, length);
    }

    @Override
    public long transferFrom(FileChannel src, long position, long count) throws IOException {
        long moved = next.transferFrom(src, position, count);
        wire.sent(moved);
        return moved;
    }

    @Override
    public long transferFrom(StreamSourceChannel source, long count, ByteBuffer throughBuffer) throws IOException {
        return Conduits.transfer(source, count, throughBuffer, this);
    }

    @Override
    public void terminateWrites() throws IOException {
        wire.waitsToWrite(false);
        wire.ends();
        super.terminateWrites();
    }

    @Override
    public void truncateWrites() throws IOException {
        wire.waitsToWrite(false);
        wire.ends();
        super.truncateWrites();
    }

    @Override
    public void resumeWrites() {
        wire.waitsToWrite(true);
        super.resumeWrites();
    }

    @Override
    public void wakeupWrites() {
        wire.waitsToWrite(true);
        super.wakeupWrites();
    }

    @Override
    public void suspendWrites() {
        wire.waitsToWrite(false);
        super.suspendWrites();
    }

    @Override
    public void awaitWritable() throws IOException {
        wire.waitsToWrite(true);
        super.awaitWritable();
        wire.waitsToWrite(false);
    }

    @Override
    public void awaitWritable(long time, TimeUnit timeUnit) throws IOException {
        wire.waitsToWrite(true);
        socket.awaitWritable(time, timeUnit); // Undertow's TLS forgets the time
        wire.waitsToWrite(false);
    }
}
