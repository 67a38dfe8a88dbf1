package io.entrepot.server.connector;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What one connector puts up with from its clients. How long a body may be is not among it: that is for the
 * handlers, who know what it is for.
 *
 * @param connections how many may be open at once, over all connectors that share {@link IoThreads}; more wait to be
 *     accepted
 */
public record HttpLimits(Head head, Pace pace, Drain drain, int connections) {
    private static final long KEPT_DESCRIPTORS = 128;

    public HttpLimits {
        if (connections < 1) {
            throw new IllegalArgumentException("at least one connection must be allowed, not " + connections);
        }
    }

    /** The limits of the specification; connections as file descriptors allow, some kept for files and databases. */
    public static HttpLimits defaults() {
        return new HttpLimits(Head.DEFAULT, Pace.DEFAULT, Drain.DEFAULT, connectionsByDescriptors());
    }

    public HttpLimits with(Head other) {
        return new HttpLimits(other, pace, drain, connections);
    }

    public HttpLimits with(Pace other) {
        return new HttpLimits(head, other, drain, connections);
    }

    public HttpLimits with(Drain other) {
        return new HttpLimits(head, pace, other, connections);
    }

    public HttpLimits withConnections(int most) {
        return new HttpLimits(head, pace, drain, most);
    }

    /**
     * A connection that pulls needs a second descriptor for its file. Kept for everything else are a tenth and no less than
     * a server without clients needs for its classes, selectors and databases.
     */
    private static int connectionsByDescriptors() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            long most = os.getMaxFileDescriptorCount();
            long usable = most - Math.max(most / 10, KEPT_DESCRIPTORS);
            return (int) Math.max(16, Math.min(usable / 2, 100_000));
        }
        return 4_096;
    }

    /**
     * The part of a request that is kept in memory.
     *
     * @param bytes of request line and headers together
     * @param fields header lines
     * @param parameters in the query
     * @param authorizationBytes of the {@code Authorization} header alone
     * @param trailerBytes after a chunked body, and of one chunk's size line
     * @param within how long a client may take from its first byte to the end of the headers
     */
    public record Head(
            int bytes, int fields, int parameters, int authorizationBytes, int trailerBytes, Duration within) {
        public static final Head DEFAULT = new Head(64 * 1024, 100, 50, 16 * 1024, 8 * 1024, Duration.ofSeconds(10));
    }

    /**
     * How slow a client may be. Only time in which we wait for the client counts.
     *
     * @param idle without a byte between two requests
     * @param stall without a byte while we wait to read or to write
     * @param bytesInPerSecond least rate of a body
     * @param bytesOutPerSecond least rate at which an answer must be taken
     * @param over what both rates are averaged over
     */
    public record Pace(Duration idle, Duration stall, long bytesInPerSecond, long bytesOutPerSecond, Duration over) {
        public static final Pace DEFAULT =
                new Pace(Duration.ofSeconds(60), Duration.ofSeconds(60), 1024, 1024, Duration.ofSeconds(60));
    }

    /**
     * What is still read of a body that nobody wants, so that the answer to it arrives instead of a reset.
     *
     * @param reusable bodies up to this size are read to their end and the connection lives on
     * @param bytes are read at most of others before the connection is closed
     * @param within and for no longer than this
     */
    public record Drain(long reusable, long bytes, Duration within) {
        public static final Drain DEFAULT = new Drain(64 * 1024, 8 * 1024 * 1024, Duration.ofSeconds(5));
    }
}
