package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.store.DocumentStore;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes changes one after the other, whichever process they come from: each is decided on all that is known, written in
 * one commit that fails if anything has changed meanwhile, and then decided again. What was done, or refused, is audited.
 */
final class Changes {
    private static final int MAX_TRIES = 50;

    private final Directory directory;
    private final Audit audit;

    Changes(Directory directory, Audit audit) {
        this.directory = directory;
        this.audit = audit;
    }

    /**
     * @param decide checks and drafts the change; run again if somebody else was faster
     * @return what {@code decide} answered, once it is durable and in the directory
     */
    <T> T make(Caller by, String action, String target, Function<Draft, T> decide) {
        T answer = audited(by, action, target, decide);
        // Done, and said so, even if it cannot be read again at this moment.
        directory.refresh();
        return answer;
    }

    private <T> T audited(Caller by, String action, String target, Function<Draft, T> decide) {
        try {
            T answer = retried(by, decide);
            note(by, action, target, Audit.Outcome.DONE, "");
            return answer;
        } catch (AccountException | RegistryException.Denied | RegistryException.Unauthorized e) {
            note(by, action, target, Audit.Outcome.REFUSED, String.valueOf(e.getMessage()));
            throw e;
        } catch (RegistryException e) {
            note(by, action, target, Audit.Outcome.FAILED, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private <T> T retried(Caller by, Function<Draft, T> decide) {
        for (int i = 0; i < MAX_TRIES; i++) {
            directory.refresh();
            Draft draft = new Draft(directory.snapshot(), new Powers(by));
            requireThere(by.principal(), draft.before());
            T answer = decide.apply(draft);
            requireSound(draft);
            try {
                directory.documents().commit(draft.commit());
                return answer;
            } catch (DocumentStore.ConflictException e) {
                // Somebody else was faster: decide again on what he has left.
            }
        }
        throw RegistryException.storage("too many changes of users and roles at once: try again", null);
    }

    /** A request takes its time, and who sent it may have been disabled meanwhile, or another have his name by now. */
    private void requireThere(Principal by, Snapshot snapshot) {
        boolean there = !by.realm().equals(User.REALM)
                || snapshot.user(by.name())
                        .map(user -> user.liveAt(directory.clock().instant()))
                        .orElse(false);
        if (!there) {
            throw new RegistryException.Denied(by.name() + " may not do anything any more", by.id());
        }
    }

    /** What must hold after every change, whatever it was. */
    private void requireSound(Draft draft) {
        Snapshot after = draft.after();
        Limits.require(after);
        if (administrators(after) == 0 && administrators(draft.before()) > 0) {
            throw new AccountException(
                    AccountException.Reason.NOT_ALLOWED,
                    "at least one enabled user with the role admin, and without an end, must remain: give it to somebody else"
                            + " first");
        }
    }

    private static long administrators(Snapshot snapshot) {
        return snapshot.users().stream()
                .filter(u -> u.kind() == User.Kind.PERSON && u.enabled())
                .filter(u -> u.expires().isEmpty() && u.passwordHash().isPresent())
                .filter(u -> snapshot.withContained(u.roles()).contains(BuiltIn.ADMIN))
                .count();
    }

    private void note(Caller by, String action, String target, Audit.Outcome outcome, String reason) {
        audit.note(
                new Audit.Event(action, by.principal(), Optional.empty(), Optional.empty(), target, outcome, reason));
    }
}
