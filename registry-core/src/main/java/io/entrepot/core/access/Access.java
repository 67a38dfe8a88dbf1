package io.entrepot.core.access;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;

/**
 * What somebody may do in one registry. Answers come from memory at once, and hold for the moment: rights are asked for
 * again with each request. Where a right is bound to tags, content that is named by its digest is not: who was given the
 * tag knows the digest.
 */
public interface Access {
    /** Everything, for programs that guard nothing. */
    Access ALL = new Access() {
        @Override
        public boolean allows(Action action, RepositoryName name) {
            return true;
        }

        @Override
        public boolean allows(Action action, RepositoryName name, Tag tag) {
            return true;
        }

        @Override
        public boolean allowsWholly(Action action, RepositoryName name) {
            return true;
        }

        @Override
        public boolean allowsCatalog() {
            return true;
        }
    };

    /** Whether it may be done to some content of the repository, be it only under some tags. */
    boolean allows(Action action, RepositoryName name);

    boolean allows(Action action, RepositoryName name, Tag tag);

    /** Whether it may be done to all content of the repository, whatever its tags. */
    boolean allowsWholly(Action action, RepositoryName name);

    /** Whether the names of repositories may be asked for; those that may not be seen are left out. */
    boolean allowsCatalog();

    /** Whether the name may stand in a list of repositories. A token can be good for lists, and for nothing that is in them. */
    default boolean allowsListing(RepositoryName name) {
        return allows(Action.BROWSE, name) || allows(Action.READ, name);
    }
}
