package io.entrepot.core.access;

/** How a caller showed who he is; it decides how he is refused. */
public enum Proof {
    /** Not at all. */
    NONE,
    /** A password or an API key in place of one. */
    BASIC,
    /** A signed token of the token endpoint, which may be good for less than its owner may do. */
    TOKEN,
    /** A certificate, a session of the UI, an API key as bearer token: nothing that a better token would mend. */
    OTHER
}
