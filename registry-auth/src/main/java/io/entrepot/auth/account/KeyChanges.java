package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Domain;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every change of API keys. Everybody makes and revokes his own and those of his robots, unless all he shows is a
 * restricted key: what was made with that would outlive it. Who administers users does so for others too, and makes none
 * that is good for more than he may himself. Throws as {@link Accounts} does.
 */
public final class KeyChanges {
    private final Directory directory;
    private final Changes changes;
    private final SecureRandom random;

    KeyChanges(Directory directory, Changes changes, SecureRandom random) {
        this.directory = directory;
        this.changes = changes;
        this.random = random;
    }

    public NewKey.Issued create(Caller by, NewKey key) {
        String id = ApiKeys.newId(random);
        String text = ApiKeys.newText(id, random);
        return changes.make(by, "key.create", id + " of " + key.owner().id(), draft -> {
            requireMay(draft, key.owner(), "make API keys");
            requireNoMore(draft, key);
            key.expires()
                    .ifPresent(end -> Names.require(
                            end.isAfter(directory.clock().instant()),
                            "what ends by itself ends in the future: " + end));
            return new NewKey.Issued(
                    draft.put(new ApiKey(
                            id,
                            key.owner().id(),
                            key.label(),
                            ApiKeys.hash(text),
                            key.restriction(),
                            directory.clock().instant(),
                            key.expires(),
                            Optional.empty())),
                    text);
        });
    }

    /** It is refused from now on; within seconds in other processes. */
    public void revoke(Caller by, String id) {
        changes.make(by, "key.revoke", id, draft -> {
            ApiKey key = draft.key(id);
            requireMay(draft, key.principal(), "revoke API keys");
            draft.delete(Documents.KEYS, id);
            return key;
        });
    }

    /** Without what is secret: nobody can read that again. */
    public List<ApiKey> of(Caller by, Principal owner) {
        Powers powers = new Powers(by);
        if (!mine(powers, directory.snapshot(), owner) && !by.rights().sees(Domain.USERS)) {
            throw powers.refuse("list API keys of " + owner.name(), Domain.USERS);
        }
        return directory.keys().stream()
                .filter(k -> k.owner().equals(owner.id()))
                .toList();
    }

    private static void requireMay(Draft draft, Principal owner, String deed) {
        String what = deed + " of " + owner.name();
        Powers powers = draft.powers();
        if (mine(powers, draft.before(), owner)) {
            return;
        }
        powers.require(Domain.USERS, what);
        if (owner.realm().equals(User.REALM)) {
            draft.user(owner.name());
        }
        powers.requireAll(privileges(draft, owner), what);
    }

    /** Whether they are the caller's own, or those of a robot of his. */
    private static boolean mine(Powers powers, Snapshot snapshot, Principal owner) {
        if (owner.realm().isEmpty()) {
            return false;
        }
        return powers.is(owner)
                || owner.realm().equals(User.REALM)
                        && snapshot.user(owner.name())
                                .filter(u -> u.kind() == User.Kind.ROBOT)
                                .flatMap(User::owner)
                                .filter(id -> powers.is(Assignee.One.parse(id).principal()))
                                .isPresent();
    }

    private static void requireNoMore(Draft draft, NewKey key) {
        if (draft.powers().is(key.owner())) {
            requireReady(draft, key.owner());
            // Whatever the key says, it will be good for no more than its owner, who showed that he is here himself.
            return;
        }
        draft.powers()
                .requireAll(
                        key.restriction().orElseGet(() -> most(draft, key.owner())),
                        "make a key that is good for this");
    }

    /** Who gave him his password may have used it, too: nothing that is made with it stays. */
    private static void requireReady(Draft draft, Principal owner) {
        if (owner.realm().equals(User.REALM) && draft.user(owner.name()).mustChangePassword()) {
            throw new AccountException(
                    AccountException.Reason.NOT_ALLOWED, "change the password first, which somebody else has given");
        }
    }

    /** Whoever another realm knows may have any roles, by groups that are known there only. */
    private static List<Privilege> most(Draft draft, Principal owner) {
        return owner.realm().equals(User.REALM)
                ? privileges(draft, owner)
                : draft.before().privileges(Set.of(BuiltIn.ADMIN));
    }

    private static List<Privilege> privileges(Draft draft, Principal owner) {
        return draft.before().privileges(draft.before().rolesOf(owner, Set.of()));
    }
}
