package io.entrepot.server.connector;

import io.undertow.connector.ByteBufferPool;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/**
 * What is known of one open connection from the bytes on its socket: {@link WireSource} and {@link WireSink} note what
 * goes by, {@link RequestGuard} where requests begin and end, and {@link Watch} looks now and then whether the client is
 * too slow. Any thread may note and look.
 */
final class Wire {
    enum Phase {
        /** TLS is being agreed upon. */
        HANDSHAKE,
        /** Between two requests. */
        IDLE,
        /** Some bytes of a request have come, not yet all its headers. */
        HEAD,
        /** A handler has the request. */
        REQUEST,
        /** All has been said; what the client still sends is thrown away. */
        ENDING
    }

    private final StreamConnection connection;
    private final boolean tls;
    private final Watch watch;
    private final WireSink sink;
    private final WireSource source;
    private volatile Phase phase;
    private volatile long since;
    private volatile boolean body;
    private volatile boolean continued;
    private volatile boolean reading;
    private volatile boolean writing;
    private volatile long in;
    private volatile long out;
    private volatile @Nullable ChunkScanner chunks;

    /** Only {@link Watch} looks at these. */
    final Flow incoming = new Flow();

    final Flow outgoing = new Flow();

    private Wire(
            StreamConnection connection,
            StreamConnection socket,
            Watch watch,
            ByteBufferPool buffers,
            long mostDiscarded) {
        this.connection = connection;
        this.tls = connection != socket;
        this.watch = watch;
        this.since = watch.now();
        this.phase = tls ? Phase.HANDSHAKE : Phase.IDLE;
        this.sink = new WireSink(
                connection.getSinkChannel().getConduit(),
                socket.getSinkChannel().getConduit(),
                this);
        this.source = new WireSource(connection.getSourceChannel(), socket, this, sink, buffers, mostDiscarded);
    }

    /** Puts itself under {@code connection}, which must be new. */
    static Wire under(StreamConnection connection, Watch watch, ByteBufferPool buffers, long mostDiscarded) {
        return over(connection, connection, watch, buffers, mostDiscarded);
    }

    /** Puts itself under {@code connection}, which must be new and speak TLS by {@code socket}. */
    static Wire over(
            StreamConnection connection,
            StreamConnection socket,
            Watch watch,
            ByteBufferPool buffers,
            long mostDiscarded) {
        Wire wire = new Wire(connection, socket, watch, buffers, mostDiscarded);
        connection.getSourceChannel().setConduit(wire.source);
        connection.getSinkChannel().setConduit(wire.sink);
        return wire;
    }

    /** The connection that {@code exchange} came by. */
    static Wire of(HttpServerExchange exchange) {
        return ((WireSource) ((HttpServerConnection) exchange.getConnection()).getOriginalSourceConduit()).wire();
    }

    void received(int bytes) {
        long before = in;
        in = before + bytes;
    }

    void handshakeEnds() {
        if (phase == Phase.HANDSHAKE) {
            enter(Phase.IDLE);
        }
    }

    void headBegins() {
        if (phase == Phase.IDLE || phase == Phase.HANDSHAKE) {
            enter(Phase.HEAD);
        }
    }

    void sent(long bytes) {
        long before = out;
        out = before + bytes;
    }

    void requestBegins(boolean withBody) {
        body = withBody;
        continued = false;
        phase = Phase.REQUEST;
    }

    /** From now to the end of the request all bytes that are read are a chunked body. */
    void readAlong(ChunkScanner scanner) {
        chunks = scanner;
    }

    /** Whether the rest of a chunked body is here already, so that reading it waits for nobody. */
    boolean holdsRestOf(ChunkScanner scanner) {
        return source.holdsRestOf(scanner);
    }

    /** Sends the one 100 (Continue) of this request, unless it has been sent. */
    void askForBody() throws IOException {
        if (!continued) {
            continued = true;
            sink.sendContinue();
        }
    }

    boolean continued() {
        return continued;
    }

    void requestEnds() {
        body = false;
        chunks = null;
        if (phase == Phase.REQUEST) {
            enter(Phase.IDLE);
        }
    }

    /** From now on nothing more is written, and what is read is of no interest. */
    void ends() {
        enter(Phase.ENDING);
    }

    boolean ending() {
        return phase == Phase.ENDING;
    }

    @Nullable
    ChunkScanner chunks() {
        return chunks;
    }

    void waitsToRead(boolean waits) {
        reading = waits;
    }

    boolean waitsToRead() {
        return reading;
    }

    void waitsToWrite(boolean waits) {
        writing = waits;
    }

    Phase phase() {
        return phase;
    }

    /** When the phase began. */
    long since() {
        return since;
    }

    /** Whether the next step is the client's: to send more of a body. */
    boolean awaitsBody() {
        return body && reading;
    }

    /** Whether the next step is the client's: to take more of an answer. */
    boolean awaitsRoom() {
        return writing;
    }

    long bytesIn() {
        return in;
    }

    long bytesOut() {
        return out;
    }

    /** Whether the bytes that are seen here are encrypted below. */
    boolean tls() {
        return tls;
    }

    /** Closes at once, from any thread. */
    void close() {
        connection.getIoThread().execute(() -> {
            if (tls && phase == Phase.IDLE) {
                sayGoodbye();
            }
            IoUtils.safeClose(connection);
        });
    }

    /** The end of TLS, so that the client takes it for one between two requests and not for an accident. */
    private void sayGoodbye() {
        try {
            sink.terminateWrites();
            sink.flush();
        } catch (IOException e) {
            // Then without.
            enter(Phase.ENDING);
        }
    }

    private void enter(Phase next) {
        since = watch.now();
        phase = next;
    }

    /** Bytes in one direction, as seen at the last looks. */
    static final class Flow {
        private long seen;
        private long waited;
        private long moved;
        private long still;

        /**
         * Notes that {@code nanos} have passed; whether this client may go on.
         *
         * @param total bytes that have gone by since the connection was opened
         * @param awaited whether it was the client's turn
         */
        boolean looks(long total, boolean awaited, long nanos, long stall, long bytesPerSecond, long over) {
            long delta = total - seen;
            seen = total;
            moved += delta;
            if (!awaited) {
                still = 0;
                return true;
            }
            waited += nanos;
            still = delta == 0 ? still + nanos : 0;
            if (still >= stall) {
                return false;
            }
            if (waited < over) {
                return true;
            }
            boolean fast = moved >= bytesPerSecond * (waited / 1e9);
            waited = 0;
            moved = 0;
            return fast;
        }
    }
}
