package io.entrepot.core;

import java.util.Optional;

/**
 * Whether a tag may be set. The store asks inside the transaction that sets it, so no two pushes race past it; a rule
 * therefore computes and never waits.
 */
@FunctionalInterface
public interface TagRule {
    TagRule ANY = (tag, now, next) -> {};

    /**
     * @param now what the tag points to, if it exists
     * @throws RegistryException.Denied or {@link RegistryException.PreconditionFailed} if it may not become {@code next}
     */
    void check(Tag tag, Optional<Digest> now, Digest next);

    default TagRule and(TagRule other) {
        return (tag, now, next) -> {
            check(tag, now, next);
            other.check(tag, now, next);
        };
    }
}
