package io.entrepot.auth.account;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.TagPattern;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One thing that somebody may do. There are no privileges that forbid: what none allows is not allowed. */
public sealed interface Privilege {

    /**
     * On the content of registries.
     *
     * @param tags only under tags like this; under all if empty
     */
    record Content(Set<Action> actions, RegistrySelector registries, RepositoryPattern names, Optional<TagPattern> tags)
            implements Privilege {
        private static final Pattern NAMES = Pattern.compile("([a-z0-9._/*?-]|\\{user})+");
        private static final Pattern TAGS = Pattern.compile("[A-Za-z0-9_.*?-]+");

        public Content {
            if (actions.isEmpty()) {
                throw new IllegalArgumentException("a privilege allows at least one action");
            }
            if (!NAMES.matcher(names.glob()).matches()) {
                throw new IllegalArgumentException("a pattern of images has lower-case letters, digits, '.', '_', '-',"
                        + " '/', '*', '?' and {user}; no other can match");
            }
            if (tags.isPresent() && !TAGS.matcher(tags.get().glob()).matches()) {
                throw new IllegalArgumentException("a pattern of tags has letters, digits, '.', '_', '-', '*' and '?'");
            }
            actions = Set.copyOf(EnumSet.copyOf(actions));
        }
    }

    /** On a part of the server's administration: to read it, or to change it too. */
    record Admin(Domain domain, boolean change) implements Privilege {}
}
