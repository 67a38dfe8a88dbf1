package io.entrepot.proxy.upstream;

/** What an upstream is asked for, as far as it makes a difference to its limits. */
public enum Kind {
    /** A manifest's bytes: what Docker Hub counts as a pull. */
    MANIFEST,
    /** What a manifest is, by HEAD. */
    RESOLVE,
    /** A blob's size or bytes. */
    BLOB,
    /** Tags, referrers and the catalogue. */
    LIST
}
