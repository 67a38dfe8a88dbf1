package io.entrepot.auth.account;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.TagPattern;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** One thing that somebody may do. There are no privileges that forbid: what none allows is not allowed. */
public sealed interface Privilege {

    /**
     * On the content of registries.
     *
     * @param tags only under tags like this; under all if empty
     */
    record Content(Set<Action> actions, RegistrySelector registries, RepositoryPattern names, Optional<TagPattern> tags)
            implements Privilege {
        public Content {
            if (actions.isEmpty()) {
                throw new IllegalArgumentException("a privilege allows at least one action");
            }
            actions = Set.copyOf(EnumSet.copyOf(actions));
        }
    }

    /** On a part of the server's administration: to read it, or to change it too. */
    record Admin(Domain domain, boolean change) implements Privilege {}
}
