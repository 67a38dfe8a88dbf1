package io.entrepot.storage.file;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.Supplier;

/** A file in memory, open for reading at any place, that shows what is written to it meanwhile. */
final class LiveChannel extends FileChannel {
    private final Supplier<byte[]> content;

    LiveChannel(Supplier<byte[]> content) {
        this.content = content;
    }

    private byte[] content() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        return content.get();
    }

    @Override
    public int read(ByteBuffer into, long at) throws ClosedChannelException {
        byte[] bytes = content();
        if (at >= bytes.length) {
            return -1;
        }
        int part = (int) Math.min(into.remaining(), bytes.length - at);
        into.put(bytes, (int) at, part);
        return part;
    }

    @Override
    public long size() throws ClosedChannelException {
        return content().length;
    }

    @Override
    protected void implCloseChannel() {
        // Nothing is held.
    }

    @Override
    public int read(ByteBuffer into) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes, long at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metadata) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
