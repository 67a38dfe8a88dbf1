package io.entrepot.server.http;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A blob whose bytes come when a test says so, as a file or as a stream, and which counts how often it is closed. */
final class TestBlob implements Blob {
    private final AtomicInteger closed = new AtomicInteger();
    private final CountDownLatch closedAtAll = new CountDownLatch(1);
    private final byte[] bytes;
    private final Optional<FileChannel> reading;
    private final Optional<FileChannel> writing;
    private final List<Runnable> listeners = new ArrayList<>();
    private long available;
    private long said;
    private Optional<RegistryException> failure = Optional.empty();

    private TestBlob(byte[] bytes, Optional<Path> file) {
        this.bytes = bytes;
        this.reading = file.map(f -> open(f, StandardOpenOption.READ));
        this.writing = file.map(f -> open(f, StandardOpenOption.WRITE));
    }

    /** In a growing file, with nothing in it yet. */
    static TestBlob inFile(byte[] bytes, Path file) {
        return new TestBlob(bytes, Optional.of(file));
    }

    static TestBlob streamed(byte[] bytes) {
        return new TestBlob(bytes, Optional.empty());
    }

    private static FileChannel open(Path file, StandardOpenOption how) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            return FileChannel.open(file, how);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loses the end of the file, which a disk is not supposed to do. */
    void cut(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    /** Makes the bytes up to here readable. */
    TestBlob growTo(long end) {
        List<Runnable> wake;
        synchronized (this) {
            writing.ifPresent(file -> write(file, end));
            available = end;
            wake = List.copyOf(listeners);
            listeners.clear();
        }
        wake.forEach(Runnable::run);
        return this;
    }

    private void write(FileChannel file, long end) {
        try {
            ByteBuffer part = ByteBuffer.wrap(bytes, (int) available, (int) (end - available));
            while (part.hasRemaining()) {
                file.write(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void fail() {
        fail(RegistryException.storage("the upstream went away", null));
    }

    void fail(RegistryException why) {
        List<Runnable> wake;
        synchronized (this) {
            failure = Optional.of(why);
            wake = List.copyOf(listeners);
            listeners.clear();
        }
        wake.forEach(Runnable::run);
    }

    /** Waits until somebody waits for more. */
    synchronized TestBlob awaited() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (listeners.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new IllegalStateException("nobody waits for more");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return this;
    }

    /** Waits for the first. */
    int timesClosed() {
        try {
            closedAtAll.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return closed.get();
    }

    @Override
    public Digest digest() {
        return Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(bytes));
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public synchronized long available() {
        said = available;
        return available;
    }

    @Override
    public void onMore(Runnable listener) {
        synchronized (this) {
            if (available == said && failure.isEmpty()) {
                listeners.add(listener);
                notifyAll();
                return;
            }
        }
        listener.run();
    }

    @Override
    public synchronized Optional<RegistryException> failure() {
        return failure;
    }

    @Override
    public Optional<FileChannel> file() {
        return reading;
    }

    @Override
    public InputStream stream(ByteRange range) {
        return new ByteArrayInputStream(bytes, (int) range.offset(), (int) range.length());
    }

    @Override
    public void close() {
        closed.incrementAndGet();
        closedAtAll.countDown();
        reading.ifPresent(TestBlob::close);
        writing.ifPresent(TestBlob::close);
    }

    private static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
