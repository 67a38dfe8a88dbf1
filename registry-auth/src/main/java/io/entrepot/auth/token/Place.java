package io.entrepot.auth.token;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.RegistryId;

/**
 * What a name leads to on a connector.
 *
 * @param anonymous whether the registry lets anonymous callers in
 */
public record Place(RegistryId registry, RepositoryName name, boolean anonymous) {}
