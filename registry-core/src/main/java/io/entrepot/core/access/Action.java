package io.entrepot.core.access;

/** What can be done with the content of a registry. */
public enum Action {
    /** See that it is there: names and tags in lists. */
    BROWSE,
    /** Pull it. */
    READ,
    /** Push what was not there: blobs, manifests, new tags. */
    ADD,
    /** Let a tag that exists point to something else. */
    EDIT,
    DELETE
}
