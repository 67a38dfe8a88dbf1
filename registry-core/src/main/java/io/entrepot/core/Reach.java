package io.entrepot.core;

/** How far an answer may come from. What would have to come from farther away throws {@link BeyondReach}. */
public enum Reach {
    /** Only what is in memory: never blocks, so it may be asked on a thread that must not wait. */
    MEMORY,
    /** Our own disks and database. */
    LOCAL,
    /** Other hosts, too. */
    ANYWHERE;

    public void require(Reach needed) {
        if (compareTo(needed) < 0) {
            throw BeyondReach.instance();
        }
    }
}
