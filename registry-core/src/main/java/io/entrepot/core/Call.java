package io.entrepot.core;

/**
 * One request's part in a call: who asks, what for, how far the answer may come from, and where the answer may say
 * something of itself. Views and composites hand it down; nothing is kept in thread locals.
 *
 * @param requestId repeated in the access log and in errors, so that the two can be brought together
 * @param source noted by whoever answers
 */
public record Call(Principal principal, Purpose purpose, Reach reach, String requestId, Source source) {

    /** What somebody is about to do with the answer: a pusher asks what he need not send. */
    public enum Purpose {
        PULL,
        PUSH,
        /** It cannot be told, and he may do both. */
        EITHER
    }

    public Call(Principal principal, Purpose purpose, Reach reach, String requestId) {
        this(principal, purpose, reach, requestId, new Source());
    }

    /** For programs that have no request. */
    public static Call internal() {
        return new Call(Principal.INTERNAL, Purpose.PULL, Reach.ANYWHERE, "internal");
    }

    /** The same, but from no farther away than this. */
    public Call within(Reach other) {
        return new Call(principal, purpose, other, requestId, source);
    }

    /** The same, by one who is about to do this with the answer. */
    public Call with(Purpose other) {
        return new Call(principal, other, reach, requestId, source);
    }

    /** The same, with notes of its own. */
    public Call apart() {
        return new Call(principal, purpose, reach, requestId, new Source());
    }
}
