package io.entrepot.server.connector;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * Looks at every open connection about once a second and closes those whose client is too slow. Requests cost it
 * nothing: they only leave notes in their {@link Wire}.
 */
final class Watch {
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** With nearly all connections taken, an idle one gets only this part of its time. */
    private static final int HURRY = 10;

    private final HttpLimits limits;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final XnioExecutor.Key timer;
    private volatile long now = System.nanoTime();

    Watch(HttpLimits limits, XnioIoThread thread) {
        this.limits = limits;
        this.timer = thread.executeAtInterval(this::look, interval(limits), TimeUnit.NANOSECONDS);
    }

    /** The time of the last look, near enough for limits of many seconds. */
    long now() {
        return now;
    }

    void add(Wire wire) {
        wires.add(wire);
    }

    /** False if it was not there any more. */
    boolean remove(Wire wire) {
        return wires.remove(wire);
    }

    /** How many requests handlers have not finished. */
    int openRequests() {
        int count = 0;
        for (Wire wire : wires) {
            if (wire.phase() == Wire.Phase.REQUEST) {
                count++;
            }
        }
        return count;
    }

    /** Looks no more. */
    void stop() {
        timer.remove();
    }

    private void look() {
        long before = now;
        now = System.nanoTime();
        long passed = now - before;
        boolean crowded = wires.size() > limits.connections() / 10 * 9;
        for (Wire wire : wires) {
            if (!patientWith(wire, passed, crowded)) {
                wire.close();
            }
        }
    }

    private boolean patientWith(Wire wire, long passed, boolean crowded) {
        HttpLimits.Pace pace = limits.pace();
        long stall = pace.stall().toNanos();
        long over = pace.over().toNanos();
        boolean reads =
                wire.incoming.looks(wire.bytesIn(), wire.awaitsBody(), passed, stall, pace.bytesInPerSecond(), over);
        boolean writes =
                wire.outgoing.looks(wire.bytesOut(), wire.awaitsRoom(), passed, stall, pace.bytesOutPerSecond(), over);
        long inPhase = now - wire.since();
        return reads
                && writes
                && switch (wire.phase()) {
                    case IDLE -> inPhase < pace.idle().toNanos() / (crowded ? HURRY : 1);
                    case HANDSHAKE, HEAD -> inPhase < limits.head().within().toNanos();
                    case REQUEST -> true;
                    case ENDING -> inPhase < limits.drain().within().toNanos();
                };
    }

    private static long interval(HttpLimits limits) {
        long shortest = Math.min(
                Math.min(
                        limits.head().within().toNanos(),
                        limits.drain().within().toNanos()),
                Math.min(limits.pace().idle().toNanos(), limits.pace().stall().toNanos()));
        return Math.max(LEAST_NANOS, Math.min(MOST_NANOS, shortest / 4));
    }
}
