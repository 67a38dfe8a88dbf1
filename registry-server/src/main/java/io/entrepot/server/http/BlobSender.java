package io.entrepot.server.http;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.RegistryException;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/**
 * Sends parts of one blob as the body of a response whose headers are set: from memory, from a file that may still be
 * growing, or from a stream. A slice at a time is moved by the bulk threads; waiting for the client for more than
 * a moment, or for more bytes, takes no thread. The blob is closed when the exchange is over, however it ends, and what breaks off closes the
 * connection, so that it never looks complete.
 */
final class BlobSender {
    private static final Logger LOG = LoggerFactory.getLogger(BlobSender.class);
    /** What one transfer moves at most: large enough to be cheap, small enough that others get their turn. */
    private static final long SLICE = 4 << 20;
    /** How long a thread that nobody else wants waits for a client that drains quickly, before a selector does. */
    private static final int PATIENCE_MILLIS = 4;
    /** Up to here one read and one write for header and body beat a transfer. */
    private static final int SMALL = 64 << 10;

    /** Some bytes of our own, such as the head of a part, and then a range of the blob. */
    record Piece(ByteBuffer head, ByteRange range) {
        static Piece of(ByteRange range) {
            return new Piece(ByteBuffer.allocate(0), range);
        }

        long length() {
            return head.remaining() + range.length();
        }
    }

    /** Whether a thread works on it, and whether the exchange is over. Whoever comes last closes the blob. */
    private enum State {
        WAITING,
        WORKING,
        WORKING_BUT_OVER,
        CLOSED
    }

    private enum Next {
        DONE,
        WHEN_WRITABLE,
        WHEN_MORE,
        BROKEN
    }

    private final HttpServerExchange exchange;
    private final StreamSinkChannel channel;
    private final Workers workers;
    private final Blob blob;
    private final Optional<FileChannel> file;
    private final Iterator<Piece> pieces;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    // Handed from thread to thread with the work.
    private boolean headersSent;
    private ByteBuffer head = ByteBuffer.allocate(0);
    private long at;
    private long end;
    private @Nullable InputStream stream;
    private @Nullable ByteBuffer streamed;

    /** Takes over the blob. Status and headers, Content-Length too, are those of the exchange. */
    static void send(HttpServerExchange exchange, Workers workers, Blob blob, List<Piece> pieces) {
        Optional<ByteBuffer> small =
                pieces.size() == 1 ? small(blob, pieces.get(0).range()) : Optional.empty();
        if (small.isPresent()) {
            blob.close();
            Answers.send(exchange, small.get());
            return;
        }
        BlobSender sender = new BlobSender(exchange, workers, blob, pieces);
        exchange.addExchangeCompleteListener((ended, next) -> {
            sender.over();
            next.proceed();
        });
        exchange.dispatch(Runnable::run, sender::start);
    }

    /** The bytes at once, if they are in memory or are few in a file. */
    private static Optional<ByteBuffer> small(Blob blob, ByteRange range) {
        Optional<ByteBuffer> memory = blob.memory();
        if (memory.isPresent()) {
            return Optional.of(memory.get().slice((int) range.offset(), (int) range.length()));
        }
        if (range.length() > SMALL || blob.available() < range.end()) {
            return Optional.empty();
        }
        return blob.file().flatMap(file -> read(file, range));
    }

    private static Optional<ByteBuffer> read(FileChannel file, ByteRange range) {
        ByteBuffer bytes = ByteBuffer.allocate((int) range.length());
        try {
            while (bytes.hasRemaining() && file.read(bytes, range.offset() + bytes.position()) > 0) {
                // until it is full
            }
        } catch (IOException e) {
            throw RegistryException.storage("the blob's bytes could not be read", e);
        }
        if (bytes.hasRemaining()) {
            throw RegistryException.storage("the blob's bytes are not all there", null);
        }
        return Optional.of(bytes.flip());
    }

    private BlobSender(HttpServerExchange exchange, Workers workers, Blob blob, List<Piece> pieces) {
        this.exchange = exchange;
        this.channel = exchange.getResponseChannel();
        this.workers = workers;
        this.blob = blob;
        this.file = blob.file();
        this.pieces = pieces.iterator();
    }

    private void start() {
        channel.getWriteSetter().set(ready -> {
            channel.suspendWrites();
            work();
        });
        work();
    }

    private void work() {
        try {
            workers.bulk(this::slice);
        } catch (RegistryException e) {
            breakOff();
        }
    }

    private void slice() {
        if (!state.compareAndSet(State.WAITING, State.WORKING)) {
            return;
        }
        Next next = Next.BROKEN;
        try {
            next = move();
        } catch (IOException e) {
            LOG.debug("sending {} broke off: {}", blob.digest(), e.toString());
        } catch (RuntimeException | Error e) {
            // Not even for want of memory may a connection be left that nobody works on any more.
            LOG.warn("sending {} failed", blob.digest(), e);
        }
        if (!state.compareAndSet(State.WORKING, State.WAITING)) {
            close();
            return;
        }
        switch (next) {
            case DONE -> Answers.end(exchange);
            case WHEN_WRITABLE -> channel.resumeWrites();
            case WHEN_MORE -> blob.onMore(this::work);
            case BROKEN -> breakOff();
        }
    }

    private Next move() throws IOException {
        // The transfer of a file must never be what sends the headers: Undertow sends other bytes then.
        if (!headersSent) {
            headersSent = channel.flush();
        }
        if (!headersSent) {
            return Next.WHEN_WRITABLE;
        }
        boolean again = true;
        while (again) {
            if (head.hasRemaining()) {
                if (channel.write(head) == 0) {
                    return Next.WHEN_WRITABLE;
                }
            } else if (at < end) {
                long ready = Math.min(end, blob.available()) - at;
                if (ready <= 0) {
                    return awaitMore();
                }
                long moved = moveSome(Math.min(ready, SLICE));
                if (moved == 0) {
                    return Next.WHEN_WRITABLE;
                }
                at += moved;
                again = workers.bulkIsFree();
            } else if (!nextPiece()) {
                return Next.DONE;
            }
        }
        return Next.WHEN_WRITABLE;
    }

    private long moveSome(long most) throws IOException {
        long moved = move(most);
        if (moved == 0 && workers.bulkIsFree()) {
            channel.awaitWritable(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            moved = move(most);
        }
        return moved;
    }

    private boolean nextPiece() throws IOException {
        closeStream();
        if (!pieces.hasNext()) {
            return false;
        }
        Piece piece = pieces.next();
        head = piece.head();
        at = piece.range().offset();
        end = piece.range().end();
        return true;
    }

    private Next awaitMore() {
        Optional<RegistryException> failure = blob.failure();
        failure.ifPresent(e -> LOG.debug("{} will not be complete: {}", blob.digest(), e.toString()));
        return failure.isPresent() ? Next.BROKEN : Next.WHEN_MORE;
    }

    private long move(long most) throws IOException {
        if (file.isEmpty()) {
            return copyStream(most);
        }
        return exchange.getConnection().getSslSession() == null ? transfer(file.get(), most) : copy(file.get(), most);
    }

    private long transfer(FileChannel from, long most) throws IOException {
        long moved = channel.transferFrom(from, at, most);
        if (moved == 0 && from.size() <= at) {
            throw truncated();
        }
        return moved;
    }

    /** Under TLS the bytes pass through memory anyway. What the client does not take now is read again. */
    private long copy(FileChannel from, long most) throws IOException {
        try (PooledByteBuffer pooled =
                exchange.getConnection().getByteBufferPool().allocate()) {
            ByteBuffer bytes = pooled.getBuffer();
            bytes.limit((int) Math.min(bytes.remaining(), most));
            if (from.read(bytes, at) <= 0) {
                throw truncated();
            }
            return channel.write(bytes.flip());
        }
    }

    private IllegalStateException truncated() {
        return new IllegalStateException("the file of " + blob.digest() + " ends before byte " + end);
    }

    private long copyStream(long most) throws IOException {
        ByteBuffer bytes = streamed;
        if (bytes == null) {
            bytes = streamed = ByteBuffer.allocate(SMALL).limit(0);
        }
        if (!bytes.hasRemaining()) {
            InputStream from = stream;
            if (from == null) {
                from = stream = blob.stream(new ByteRange(at, end - at));
            }
            int n = from.read(bytes.array(), 0, (int) Math.min(bytes.capacity(), most));
            if (n < 0) {
                throw new IllegalStateException("the stream of " + blob.digest() + " ends before byte " + end);
            }
            bytes.limit(n).position(0);
        }
        return channel.write(bytes);
    }

    private void closeStream() throws IOException {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    private void breakOff() {
        IoUtils.safeClose(exchange.getConnection());
        Answers.end(exchange);
    }

    private void over() {
        State before = state.getAndUpdate(
                s -> s == State.WORKING ? State.WORKING_BUT_OVER : s == State.WAITING ? State.CLOSED : s);
        if (before == State.WAITING) {
            if (exchange.isInIoThread()) {
                closeElsewhere();
            } else {
                close();
            }
        }
    }

    private void closeElsewhere() {
        try {
            workers.bulk(this::close);
        } catch (RegistryException e) {
            close();
        }
    }

    private void close() {
        try {
            closeStream();
        } catch (IOException e) {
            LOG.debug("closing a stream of {}: {}", blob.digest(), e.toString());
        } finally {
            blob.close();
        }
    }
}
