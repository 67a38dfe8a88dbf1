package io.entrepot.core;

/**
 * The answer lies farther away than the {@link Call} allows: ask again with more {@link Reach}. Says nothing about
 * whether the thing exists. Stackless and shared, since it is thrown on hot paths.
 */
public final class BeyondReach extends RuntimeException {
    private static final long serialVersionUID = 1;

    // Nothing of the place where it is thrown is in it.
    @SuppressWarnings("StaticAssignmentOfThrowable")
    private static final BeyondReach INSTANCE = new BeyondReach();

    private BeyondReach() {
        super("beyond reach", null, false, false);
    }

    public static BeyondReach instance() {
        return INSTANCE;
    }
}
