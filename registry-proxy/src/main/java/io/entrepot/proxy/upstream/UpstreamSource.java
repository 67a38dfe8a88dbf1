package io.entrepot.proxy.upstream;

import io.entrepot.core.Registry;

/**
 * One place that an upstream's content can be had from: a mirror or the canonical registry.
 *
 * @param label what it is called in messages, such as its host; holds no secret
 * @param resolvesTags whether its word on what a tag points to is taken
 * @param ledger the one whose watch the registry was given
 */
public record UpstreamSource(String label, Registry registry, boolean resolvesTags, Ledger ledger) {}
