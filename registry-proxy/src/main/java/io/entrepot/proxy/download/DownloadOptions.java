package io.entrepot.proxy.download;

import java.time.Duration;

/**
 * How blobs are fetched.
 *
 * @param transfers how many at a time, over all upstreams; each has a thread
 * @param tries how often in a row one may break off without having come at least a MiB farther
 * @param pause before the second try; doubled for each further one
 */
public record DownloadOptions(int transfers, int tries, Duration pause) {
    public static final DownloadOptions DEFAULT = new DownloadOptions(256, 5, Duration.ofMillis(200));

    public DownloadOptions {
        if (transfers < 1 || tries < 1 || pause.isNegative()) {
            throw new IllegalArgumentException("at least one transfer and one try, and no negative pause: " + pause);
        }
    }
}
