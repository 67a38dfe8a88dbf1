package io.entrepot.core.access;

/** The parts of a server that are administered, each of which can be given to somebody by itself. */
public enum Domain {
    /** Users, robots and their credentials. */
    USERS,
    /** Roles, privileges and who has them. */
    ROLES,
    /** Registries, their connectors and policies. */
    REGISTRIES,
    BLOB_STORES,
    /** What holds for the whole server: realms, outbound proxies, certificates. */
    SETTINGS,
    TASKS,
    AUDIT
}
