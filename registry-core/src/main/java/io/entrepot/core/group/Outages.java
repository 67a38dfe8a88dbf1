package io.entrepot.core.group;

import io.entrepot.core.RegistryException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why members could not say. When nobody else has the thing, the worst of it is the answer, so that what could not be found
 * out is never said not to exist: what to wait for, the longest of it; else what was refused; else what was absent before.
 */
final class Outages {
    private static final Comparator<RegistryException> BY_WEIGHT =
            Comparator.comparing(Outages::weight).thenComparing(Outages::retryAfter);

    private @Nullable RegistryException worst;

    void add(RegistryException e) {
        if (worst == null || BY_WEIGHT.compare(e, worst) > 0) {
            worst = e;
        }
    }

    /** Empty if all could say. */
    Optional<RegistryException> worst() {
        return Optional.ofNullable(worst);
    }

    private static int weight(RegistryException e) {
        if (e instanceof RegistryException.Unavailable unavailable) {
            return unavailable.absentBefore() ? 0 : 2;
        }
        return 1;
    }

    private static Duration retryAfter(RegistryException e) {
        return e instanceof RegistryException.Unavailable unavailable
                ? unavailable.retryAfter().orElse(Duration.ZERO)
                : Duration.ZERO;
    }
}
