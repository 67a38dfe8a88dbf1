package io.entrepot.core.access;

import io.entrepot.core.Principal;
import java.util.Optional;

/**
 * Where it is written down who did what: logins and tokens, changes of content and of settings, and every refusal. Names
 * and messages in it may be what a stranger sent; secrets never are.
 */
@FunctionalInterface
public interface Audit {
    Audit NONE = event -> {};

    enum Outcome {
        DONE,
        REFUSED,
        FAILED
    }

    /**
     * @param action a word of two parts, such as {@code login.password}, {@code token.issue}, {@code tag.delete}, {@code
     *     user.create}
     * @param credential the id of the key or certificate that was shown
     * @param target what it was done to: a registry and repository, a user, a role
     * @param reason why it was refused or failed, or what was changed
     */
    record Event(
            String action,
            Principal principal,
            Optional<String> credential,
            Optional<Visit> visit,
            String target,
            Outcome outcome,
            String reason) {

        public Event seenFrom(Visit there) {
            return new Event(action, principal, credential, Optional.of(there), target, outcome, reason);
        }
    }

    /** Returns when it is noted; never throws, and never holds up the caller for long, however many there are. */
    void note(Event event);
}
