package io.entrepot.proxy;

import java.time.Duration;
import java.util.Optional;

/**
 * How a proxy registry treats what it fetched.
 *
 * @param tagFreshness how long a tag is answered without asking the upstream; zero asks each time, empty never again
 * @param notFoundFreshness how long the upstream is not asked again for what it did not have
 * @param listFreshness the same of lists of tags and referrers
 * @param softDeadline how long a client waits for the upstream's word on a tag of which there is a copy
 * @param deadline how long it waits where there is none
 * @param maxStale how old the upstream's last word on a tag may be that is answered while the upstream cannot be asked;
 *     empty is any age
 * @param followDeletions whether a tag that the upstream has deleted is deleted here, too
 * @param finishDownloads whether a blob is fetched to its end though all who wanted it are gone
 */
public record ProxyOptions(
        Names names,
        Optional<Duration> tagFreshness,
        Duration notFoundFreshness,
        Duration listFreshness,
        Duration softDeadline,
        Duration deadline,
        Optional<Duration> maxStale,
        boolean followDeletions,
        boolean finishDownloads) {
    public static final ProxyOptions DEFAULT = new ProxyOptions(
            Names.PLAIN,
            Optional.of(Duration.ofMinutes(5)),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            Duration.ofSeconds(100),
            Optional.empty(),
            false,
            true);

    public ProxyOptions names(Names newNames) {
        return new ProxyOptions(
                newNames,
                tagFreshness,
                notFoundFreshness,
                listFreshness,
                softDeadline,
                deadline,
                maxStale,
                followDeletions,
                finishDownloads);
    }

    public ProxyOptions tagFreshness(Optional<Duration> freshness) {
        return new ProxyOptions(
                names,
                freshness,
                notFoundFreshness,
                listFreshness,
                softDeadline,
                deadline,
                maxStale,
                followDeletions,
                finishDownloads);
    }

    public ProxyOptions followDeletions(boolean follow) {
        return new ProxyOptions(
                names,
                tagFreshness,
                notFoundFreshness,
                listFreshness,
                softDeadline,
                deadline,
                maxStale,
                follow,
                finishDownloads);
    }
}
