package io.entrepot.core.hosted;

/** What may be written to a hosted registry. The words of the configuration are these in lower case. */
public enum WritePolicy {
    /** Tags may be set again. */
    ALLOW,
    /** A tag is set once, unless its name is among those that stay redeployable. */
    ALLOW_ONCE,
    /** Nothing is written or deleted. */
    DENY
}
