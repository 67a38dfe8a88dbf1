package io.entrepot.server.admin;

import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;

/** One group of registries, to be looked at. */
@FunctionalInterface
public interface GroupControl {
    /**
     * Who answers for an image, and why.
     *
     * @param askUpstreams whether members ask their upstreams about what they do not hold, which may take a while
     */
    Explanation explain(RepositoryName repository, Reference reference, boolean askUpstreams);
}
