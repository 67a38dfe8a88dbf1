package io.entrepot.proxy.remote;

import io.entrepot.core.RepositoryName;

/**
 * A repository that a search found.
 *
 * @param official whether those who run the registry vouch for it
 * @param automated whether it is built by a machine from its sources
 */
public record SearchHit(RepositoryName name, String description, long stars, boolean official, boolean automated) {}
