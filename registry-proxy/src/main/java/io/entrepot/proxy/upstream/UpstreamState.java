package io.entrepot.proxy.upstream;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How an upstream is, for people and figures. Holds no secret. Sources in the order in which they are asked. */
public record UpstreamState(String registry, boolean blocked, int transfers, int waiting, List<OfSource> sources) {
    public UpstreamState {
        sources = List.copyOf(sources);
    }

    /** Whether a source is asked. */
    public enum Condition {
        CLOSED,
        /** It failed too often and is left alone. */
        OPEN,
        /** The next call, or the one under way, decides whether it is well again. */
        HALF_OPEN,
        /** It said that there were too many requests. */
        COOLING,
        /** It refused the configured credentials. */
        REFUSED
    }

    /** {@code until} is empty where time alone changes nothing. */
    public record OfSource(
            String label, Condition condition, Instant since, Optional<Instant> until, Ledger.Figures figures) {}
}
