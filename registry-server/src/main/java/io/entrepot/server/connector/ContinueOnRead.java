package io.entrepot.server.connector;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSourceConduit;

/** A body that its client holds back until it is asked for: the first attempt to read it asks. */
final class ContinueOnRead extends AbstractStreamSourceConduit<StreamSourceConduit> {
    private final HttpServerExchange exchange;
    private final Wire wire;

    ContinueOnRead(StreamSourceConduit next, HttpServerExchange exchange, Wire wire) {
        super(next);
        this.exchange = exchange;
        this.wire = wire;
    }

    private void ask() throws IOException {
        if (!exchange.isResponseStarted()) {
            wire.askForBody();
        }
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        ask();
        return next.read(dst);
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        ask();
        return next.read(dsts, offset, length);
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
        return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
    }

    @Override
    public long transferTo(long count, ByteBuffer throughBuffer, StreamSinkChannel target) throws IOException {
        return Conduits.transfer(this, count, throughBuffer, target);
    }

    @Override
    public void resumeReads() {
        askUnchecked();
        super.resumeReads();
    }

    @Override
    public void wakeupReads() {
        askUnchecked();
        super.wakeupReads();
    }

    @Override
    public void awaitReadable() throws IOException {
        ask();
        super.awaitReadable();
    }

    @Override
    public void awaitReadable(long time, TimeUnit timeUnit) throws IOException {
        ask();
        super.awaitReadable(time, timeUnit);
    }

    private void askUnchecked() {
        try {
            ask();
        } catch (IOException e) {
            throw new UncheckedIOException("the connection broke", e);
        }
    }
}
