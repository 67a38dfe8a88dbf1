package io.entrepot.auth.audit;

import io.entrepot.core.access.Audit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Thins out entries that are alike: of each kind the first {@value #IN_FULL} within ten seconds are let through, and one
 * afterwards stands for the others. Kinds beyond a number are taken together.
 */
final class Flood {
    static final Duration WINDOW = Duration.ofSeconds(10);
    static final int IN_FULL = 3;

    private record Kind(String action, Audit.Outcome outcome, String principal, String from) {}

    /** Guarded by the flood. */
    private static final class Count {
        private final AuditEntry first;
        private final boolean sameWho;
        private long seen;
        private long let;

        private Count(AuditEntry first, boolean sameWho) {
            this.first = first;
            this.sameWho = sameWho;
        }
    }

    private final int maxKinds;
    private final Map<Kind, Count> counts = new LinkedHashMap<>();
    private Instant begun = Instant.EPOCH;

    Flood(int maxKinds) {
        this.maxKinds = maxKinds;
    }

    /** Whether it is to be written itself. */
    synchronized boolean lets(AuditEntry entry) {
        if (counts.isEmpty()) {
            begun = entry.at();
        }
        Kind kind = new Kind(
                entry.action(), entry.outcome(), entry.principal(), entry.from().orElse(""));
        Count count = counts.get(kind);
        if (count == null && counts.size() < maxKinds) {
            count = new Count(entry, true);
            counts.put(kind, count);
        } else if (count == null) {
            Kind others = new Kind(entry.action(), entry.outcome(), "", "");
            count = counts.computeIfAbsent(others, k -> new Count(entry, false));
        }
        count.seen++;
        if (count.seen > IN_FULL || !count.sameWho) {
            return false;
        }
        count.let++;
        return true;
    }

    /** What stands for those that were not let through, once their ten seconds are over. */
    synchronized List<AuditEntry> over(Instant now) {
        return now.isBefore(begun.plus(WINDOW)) ? List.of() : end(now);
    }

    synchronized List<AuditEntry> end(Instant now) {
        List<AuditEntry> entries = new ArrayList<>();
        for (Count count : counts.values()) {
            Optional.of(count.seen - count.let)
                    .filter(others -> others > 0)
                    .ifPresent(others -> entries.add(count.first.standingFor(now, others, count.sameWho)));
        }
        counts.clear();
        return entries;
    }
}
