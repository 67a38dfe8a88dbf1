package io.entrepot.proxy.upstream;

import java.time.Duration;

/**
 * The bounds of an {@link Upstream}.
 *
 * @param failures so many in a row open a source's breaker
 * @param firstBackoff how long it is open the first time; doubled each time that the probe fails, up to {@code mostBackoff}
 * @param firstRefusal how long a source that refused the credentials is left alone; doubled up to {@code mostRefusal}
 * @param coolDown after a 429 that did not say how long; what one says counts up to {@code mostCoolDown}
 * @param transfers how many blobs may be open at a time, over all sources
 * @param requests how many other requests may be under way at a time
 * @param requestWait how long one of these may wait for its turn
 * @param waiting how many callers may wait in each of the two lanes
 * @param avoid how long a source whose blob broke is asked last for it
 */
public record UpstreamOptions(
        int failures,
        Duration firstBackoff,
        Duration mostBackoff,
        Duration firstRefusal,
        Duration mostRefusal,
        Duration coolDown,
        Duration mostCoolDown,
        int transfers,
        int requests,
        Duration requestWait,
        int waiting,
        Duration avoid) {
    public static final UpstreamOptions DEFAULT = new UpstreamOptions(
            5,
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            16,
            32,
            Duration.ofSeconds(30),
            1000,
            Duration.ofSeconds(30));

    public UpstreamOptions {
        if (failures < 1 || transfers < 1 || requests < 1 || waiting < 0) {
            throw new IllegalArgumentException("failures, transfers and requests are at least 1, waiting at least 0");
        }
        if (!positive(firstBackoff) || !positive(firstRefusal) || !positive(coolDown)) {
            throw new IllegalArgumentException("times to wait are longer than nothing");
        }
        if (mostBackoff.compareTo(firstBackoff) < 0
                || mostRefusal.compareTo(firstRefusal) < 0
                || mostCoolDown.compareTo(coolDown) < 0
                || requestWait.isNegative()
                || avoid.isNegative()) {
            throw new IllegalArgumentException("the longest time to wait is not shorter than the first");
        }
    }

    public UpstreamOptions lanes(int newTransfers, int newRequests, Duration newRequestWait, int newWaiting) {
        return new UpstreamOptions(
                failures,
                firstBackoff,
                mostBackoff,
                firstRefusal,
                mostRefusal,
                coolDown,
                mostCoolDown,
                newTransfers,
                newRequests,
                newRequestWait,
                newWaiting,
                avoid);
    }

    private static boolean positive(Duration time) {
        return !time.isNegative() && !time.isZero();
    }
}
