package io.entrepot.auth.audit;

import io.entrepot.core.access.Audit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit log: one thread, one file for each day, to which lines are only ever added.
 *
 * <p>What was changed is synced before {@link #note} returns, and never left out: while the disk fails, up to
 * {@value #BACKLOG} changes are kept in memory and written when it works again. Logins, tokens and refusals are written
 * soon, are thinned out when there are many alike, and are counted instead if the disk cannot keep up. A failing disk is
 * logged once a minute and fails nobody's request.
 */
public final class AuditLog implements Audit, AutoCloseable {
    static final int QUEUE = 8192;
    /** Left for changes, of which there is at most one for each thread that works. */
    static final int QUEUE_FOR_CHANGES = 1024;

    static final int BACKLOG = 10_000;
    private static final int KINDS_DONE = 1000;
    private static final int KINDS_REFUSED = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration COMPLAIN = Duration.ofMinutes(1);
    private static final long TICK_MILLIS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    /** An entry on its way to the disk; whoever waits for it is told when it was written, or could not be. */
    private record Line(AuditEntry entry, boolean change, CountDownLatch handled) {}

    private final AuditLimits limits;
    private final InstantSource clock;
    private final DayFiles files;
    private final BlockingQueue<Line> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Flood done = new Flood(KINDS_DONE);
    private final Flood refused = new Flood(KINDS_REFUSED);
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;

    // Only the writer thread uses these.
    private final Deque<Line> backlog = new ArrayDeque<>();
    private Instant complained = Instant.MIN;
    private LocalDate fullDay = LocalDate.EPOCH;

    /** @param folder need not be there yet */
    public AuditLog(Path folder, AuditLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
        this.files = new DayFiles(folder, limits.days());
        this.writer = new Thread(this::write, "audit");
        this.writer.setDaemon(true);
        this.writer.start();
    }

    @Override
    public void note(Event event) {
        AuditEntry entry = AuditEntry.of(clock.instant(), event);
        Line line = new Line(entry, isChange(event), new CountDownLatch(1));
        if (line.change()) {
            noteAndWait(line);
        } else if ((event.outcome() == Outcome.DONE ? done : refused).lets(entry)
                && (queue.size() >= QUEUE - QUEUE_FOR_CHANGES || !queue.offer(line))) {
            lost.incrementAndGet();
        }
    }

    /** Logins and tokens change nothing, and there are many. */
    private static boolean isChange(Event event) {
        return event.outcome() == Outcome.DONE
                && !event.action().startsWith("login.")
                && !event.action().startsWith("token.");
    }

    private void noteAndWait(Line line) {
        try {
            if (closing || !queue.offer(line, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error(
                        "not in the audit log, which is closed or overrun: {}",
                        line.entry().toJson());
            } else if (!line.handled().await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "the disk of the audit log is slow: {} waits to be written",
                        line.entry().action());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what is still to be written, and ends. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        boolean last;
        do {
            last = closing;
            List<Line> lines = next();
            Instant now = clock.instant();
            (last ? done.end(now) : done.over(now)).forEach(entry -> lines.add(own(entry)));
            (last ? refused.end(now) : refused.over(now)).forEach(entry -> lines.add(own(entry)));
            try {
                writeOrKeep(lines, now);
            } finally {
                lines.forEach(line -> line.handled().countDown());
            }
        } while (!last);
        backlog.forEach(line -> LOG.error(
                "not in the audit log, whose disk fails: {}", line.entry().toJson()));
        try {
            files.close();
        } catch (IOException e) {
            LOG.error("the audit log could not be synced at its end", e);
        }
    }

    private List<Line> next() {
        List<Line> lines = new ArrayList<>();
        try {
            Line first = closing ? queue.poll() : queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
            if (first != null) {
                lines.add(first);
            }
        } catch (InterruptedException e) {
            closing = true;
        }
        queue.drainTo(lines);
        return lines;
    }

    private void writeOrKeep(List<Line> lines, Instant now) {
        long missing = lost.getAndSet(0);
        List<Line> all = new ArrayList<>(lines);
        if (missing > 0) {
            all.add(own(AuditEntry.own(
                    now, Outcome.FAILED, missing + " entries are missing: the disk could not keep up, or failed")));
        }
        if (all.isEmpty() && backlog.isEmpty()) {
            return;
        }
        try {
            append(all, now);
            backlog.clear();
        } catch (IOException | RuntimeException e) {
            lost.addAndGet(missing);
            keep(lines);
            complain(now, e);
        }
    }

    private void append(List<Line> lines, Instant now) throws IOException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        long size = files.turnTo(today);
        StringBuilder text = new StringBuilder();
        boolean sync = !backlog.isEmpty();
        backlog.forEach(line -> text.append(line.entry().toJson()).append('\n'));
        for (Line line : lines) {
            sync |= line.change();
            if (line.change() || size + text.length() < limit(line)) {
                text.append(line.entry().toJson()).append('\n');
            } else if (!fullDay.equals(today)) {
                fullDay = today;
                text.append(AuditEntry.own(now, Outcome.FAILED, "this day's file is full: some events are left out")
                                .toJson())
                        .append('\n');
            }
        }
        if (text.length() > 0) {
            files.append(text.toString(), sync);
        }
    }

    private long limit(Line line) {
        return line.entry().outcome() == Outcome.DONE ? limits.dayBytes() : limits.dayBytes() / 2;
    }

    private void keep(List<Line> lines) {
        for (Line line : lines) {
            if (line.change() && backlog.size() < BACKLOG) {
                backlog.add(line);
            } else {
                lost.incrementAndGet();
            }
        }
    }

    private void complain(Instant now, Exception e) {
        if (complained.equals(Instant.MIN) || !now.isBefore(complained.plus(COMPLAIN))) {
            complained = now;
            LOG.error("the audit log cannot be written; {} changes wait in memory", backlog.size(), e);
        }
    }

    private static Line own(AuditEntry entry) {
        return new Line(entry, false, new CountDownLatch(0));
    }
}
