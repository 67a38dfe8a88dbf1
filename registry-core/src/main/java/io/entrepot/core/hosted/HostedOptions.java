package io.entrepot.core.hosted;

import io.entrepot.core.TagPattern;
import java.time.Duration;
import java.util.List;

/**
 * What a hosted registry allows.
 *
 * @param sparseManifests whether image manifests are taken whose config or layers are not here
 * @param copies whether everything here can be had again from elsewhere: manifests are taken that we cannot read (they refer
 *     to nothing then, as far as we know), and a blob that is lost or damaged is given up for the next copy
 * @param redeployTags tags that may be set again under {@link WritePolicy#ALLOW_ONCE}
 * @param lease how long a blob that a pusher was told of stays without a manifest that refers to it
 */
public record HostedOptions(
        boolean sparseManifests,
        boolean copies,
        WritePolicy writePolicy,
        List<TagPattern> redeployTags,
        Duration lease) {
    public static final Duration LEASE = Duration.ofHours(1);
    /** In a cache nobody counts on a blob for longer than it takes to come back for it with its manifest. */
    public static final Duration CACHE_LEASE = Duration.ofMinutes(5);

    public static final HostedOptions DEFAULT = new HostedOptions(false, false, WritePolicy.ALLOW, List.of(), LEASE);
    /** For what a proxy keeps: everything as it comes. */
    public static final HostedOptions CACHE = new HostedOptions(true, true, WritePolicy.ALLOW, List.of(), CACHE_LEASE);

    public HostedOptions {
        redeployTags = List.copyOf(redeployTags);
        if (lease.isNegative()) {
            throw new IllegalArgumentException("a lease is not negative: " + lease);
        }
    }

    public HostedOptions sparse(boolean allowed) {
        return new HostedOptions(allowed, copies, writePolicy, redeployTags, lease);
    }

    public HostedOptions writePolicy(WritePolicy policy, List<TagPattern> redeployable) {
        return new HostedOptions(sparseManifests, copies, policy, redeployable, lease);
    }
}
