package io.entrepot.auth.account;

import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordRules;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Every change of users and robots, and by {@link #roles} and {@link #keys} of what they may do and show. Each is checked,
 * audited and durable when its method returns, and seen at once in this process's {@link Directory}.
 *
 * <p>All of these throw {@link AccountException} with a sentence if what is asked cannot be, {@link
 * RegistryException.Denied} or {@link RegistryException.Unauthorized} if {@code by} may not ask for it, and {@link
 * RegistryException.Unavailable} if the store cannot be reached. Whoever changes a user must be allowed himself all that the
 * user may do, before and after: an administrator of users makes nobody an administrator of everything.
 */
public final class Accounts {
    /** The program itself, for the first start and for commands on the data folder. */
    private static final Caller SYSTEM = new Caller(Principal.INTERNAL, Proof.OTHER, Rights.ALL, Access.ALL);

    private final Directory directory;
    private final HashingGate hashing;
    private final SecureRandom random;
    private final Audit audit;
    private final Changes changes;
    private final RoleChanges roles;
    private final KeyChanges keys;

    public Accounts(Directory directory, HashingGate hashing, SecureRandom random, Audit audit) {
        this.directory = directory;
        this.hashing = hashing;
        this.random = random;
        this.audit = audit;
        this.changes = new Changes(directory, audit);
        this.roles = new RoleChanges(changes);
        this.keys = new KeyChanges(directory, changes, random);
    }

    /** The same accounts, changed by a request that came in there, as the audit log will say. */
    public Accounts seenFrom(Visit visit) {
        return new Accounts(directory, hashing, random, event -> audit.note(event.seenFrom(visit)));
    }

    /** May everything: for whoever has the data folder itself in his hands. */
    public static Caller system() {
        return SYSTEM;
    }

    public RoleChanges roles() {
        return roles;
    }

    public KeyChanges keys() {
        return keys;
    }

    public User create(Caller by, NewUser user) {
        Once<Optional<String>> hash = new Once<>(() -> user.password().map(p -> hashed(user.name(), p)));
        return changes.make(by, "user.create", user.fullName(), draft -> {
            draft.powers().require(Domain.USERS, "create users");
            requireRoles(draft, user.roles());
            if (draft.before().user(user.fullName()).isPresent()) {
                throw new AccountException(
                        AccountException.Reason.EXISTS, "there is a user " + user.fullName() + " already");
            }
            Names.require(
                    user.kind() == User.Kind.PERSON || user.password().isEmpty(),
                    "a robot has no password: make it an API key");
            return draft.put(new User(
                    user.fullName(),
                    user.kind(),
                    user.displayName(),
                    user.email(),
                    true,
                    hash.get(),
                    user.roles(),
                    draft.version(),
                    user.mustChangePassword(),
                    directory.clock().instant(),
                    future(user.expires()),
                    user.owner()));
        });
    }

    /** Everybody may do this to himself, but not with a restricted key. */
    public User describe(Caller by, String name, String displayName, String email) {
        return changes.make(by, "user.update", name, draft -> {
            User user = draft.user(name);
            if (!draft.powers().is(user.principal())) {
                requireAbove(draft, user, "change");
            }
            return draft.put(user.withProfile(displayName, email));
        });
    }

    /** @param expires when the account ends by itself; never if empty */
    public User expire(Caller by, String name, Optional<Instant> expires) {
        return changes.make(by, "user.expire", name, draft -> {
            User user = draft.user(name);
            requireAbove(draft, user, "change");
            return draft.put(user.withExpiry(future(expires), draft.version()));
        });
    }

    public User enable(Caller by, String name) {
        return changes.make(by, "user.enable", name, draft -> enabled(draft, name, true));
    }

    /** All that he has logged in with before ends within seconds. */
    public User disable(Caller by, String name) {
        return changes.make(by, "user.disable", name, draft -> enabled(draft, name, false));
    }

    private static User enabled(Draft draft, String name, boolean enabled) {
        User user = draft.user(name);
        requireAbove(draft, user, enabled ? "enable" : "disable");
        return user.enabled() == enabled ? user : draft.put(user.withEnabled(enabled, draft.version()));
    }

    /** With his API keys. Robots that are his stay, without an owner. */
    public void delete(Caller by, String name) {
        changes.make(by, "user.delete", name, draft -> {
            User user = draft.user(name);
            requireAbove(draft, user, "delete");
            draft.delete(Documents.USERS, name);
            String id = user.principal().id();
            draft.before().keys().stream()
                    .filter(k -> k.owner().equals(id))
                    .forEach(k -> draft.delete(Documents.KEYS, k.id()));
            draft.before().users().stream()
                    .filter(robot -> robot.owner().equals(Optional.of(id))
                            && !robot.name().equals(name))
                    .forEach(robot -> draft.put(robot.withoutOwner()));
            return user;
        });
    }

    /** @param mustChange whether he has to take another one at his next login */
    public User setPassword(Caller by, String name, String password, boolean mustChange) {
        Once<String> hash = new Once<>(() -> hashed(name, password));
        return changes.make(by, "user.password", name, draft -> {
            User user = draft.user(name);
            requireAbove(draft, user, "set the password of");
            requirePerson(user);
            return draft.put(user.withPassword(hash.get(), mustChange, draft.version()));
        });
    }

    /** His own, for which he needs the one that he has, and no restricted key will do. */
    public User changePassword(Caller by, String old, String password) {
        String name = by.principal().name();
        Once<String> hash = new Once<>(() -> hashed(name, password));
        return changes.make(by, "user.password", name, draft -> {
            if (!by.principal().realm().equals(User.REALM)) {
                throw new AccountException(
                        AccountException.Reason.NOT_ALLOWED,
                        "the password of " + by.principal() + " is not kept here: change it where it is");
            }
            if (!draft.powers().is(by.principal())) {
                throw draft.powers().refuse("change the password with a restricted key", Domain.USERS);
            }
            User user = draft.user(name);
            requirePerson(user);
            Names.require(matches(user, old), "the old password is wrong");
            Names.require(!old.equals(password), "the new password is the old one: take another");
            return draft.put(user.withPassword(hash.get(), false, draft.version()));
        });
    }

    private boolean matches(User user, String password) {
        return user.passwordHash().map(h -> hashing.matches(password, h)).orElse(false);
    }

    /**
     * Hashes a password anew, which was just verified, if the hash that is kept is weaker than those made today. Ends no
     * session and is nobody's deed.
     */
    public void strengthen(String name, String verified) {
        Optional<String> weak = directory.user(name).flatMap(User::passwordHash).filter(hashing::outdated);
        if (weak.isEmpty()) {
            return;
        }
        String hash = hashing.hash(verified);
        changes.make(SYSTEM, "user.rehash", name, draft -> {
            User user = draft.user(name);
            return user.passwordHash().equals(weak)
                    ? draft.put(user.withPassword(hash, user.mustChangePassword(), user.securityVersion()))
                    : user;
        });
    }

    private String hashed(String name, String password) {
        PasswordRules.objection(name, password).ifPresent(sentence -> {
            throw new AccountException(AccountException.Reason.INVALID, sentence);
        });
        try {
            return hashing.hash(password);
        } catch (IllegalArgumentException e) {
            throw new AccountException(AccountException.Reason.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private Optional<Instant> future(Optional<Instant> expires) {
        expires.ifPresent(end -> Names.require(
                end.isAfter(directory.clock().instant()), "what ends by itself ends in the future: " + end));
        return expires;
    }

    private static void requirePerson(User user) {
        Names.require(user.kind() == User.Kind.PERSON, "a robot has no password: make it an API key");
    }

    private static void requireAbove(Draft draft, User user, String deed) {
        draft.powers().require(Domain.USERS, deed + " " + user.name());
        draft.powers().requireAll(draft.before().privileges(user.roles()), deed + " " + user.name());
    }

    private static void requireRoles(Draft draft, Set<String> names) {
        if (!names.isEmpty()) {
            draft.powers().require(Domain.ROLES, "give roles to anybody");
            names.forEach(draft::role);
            Collection<Privilege> privileges = draft.before().privileges(names);
            draft.powers().requireAll(privileges, "give these roles to anybody");
        }
    }
}
