package io.entrepot.core;

/**
 * One request's part in a call: who asks, what for, and how far the answer may come from. Views and composites hand it
 * down; nothing is kept in thread locals.
 *
 * @param requestId repeated in the access log and in errors, so that the two can be brought together
 */
public record Call(Principal principal, Purpose purpose, Reach reach, String requestId) {

    /** What somebody is about to do with the answer: a pusher who finds a blob counts on it to stay. */
    public enum Purpose {
        PULL,
        PUSH
    }

    private static final Call INTERNAL = new Call(Principal.INTERNAL, Purpose.PULL, Reach.ANYWHERE, "internal");

    /** For programs that have no request. */
    public static Call internal() {
        return INTERNAL;
    }

    public Call within(Reach other) {
        return new Call(principal, purpose, other, requestId);
    }
}
