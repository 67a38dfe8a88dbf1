package io.entrepot.auth.account;

import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Domain;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every change of roles and of who has them. Nobody gives, or puts into a role, what he may not do himself. Throws as
 * {@link Accounts} does.
 */
public final class RoleChanges {
    private final Changes changes;

    RoleChanges(Changes changes) {
        this.changes = changes;
    }

    public Role create(Caller by, Role role) {
        return changes.make(by, "role.create", role.name(), draft -> {
            draft.powers().require(Domain.ROLES, "create roles");
            if (draft.before().role(role.name()).isPresent()) {
                throw new AccountException(
                        AccountException.Reason.EXISTS, "there is a role " + role.name() + " already");
            }
            return put(draft, role);
        });
    }

    /** Whoever has it may do what it says now, at once. */
    public Role update(Caller by, Role role) {
        return changes.make(by, "role.update", role.name(), draft -> {
            Role before = draft.role(role.name());
            requireAbove(draft, before, "change");
            if (role.name().equals(BuiltIn.ADMIN)) {
                throw new AccountException(
                        AccountException.Reason.NOT_ALLOWED,
                        "the role admin may everything, always: make another role");
            }
            return put(draft, role);
        });
    }

    private static Role put(Draft draft, Role role) {
        role.roles().forEach(draft::role);
        Set<String> contained = draft.before().withContained(role.roles());
        Names.require(
                !contained.contains(role.name()),
                "the role " + role.name() + " would contain itself, by way of " + String.join(", ", role.roles()));
        draft.powers().requireAll(role.privileges(), "put that into a role");
        draft.powers().requireAll(draft.before().privileges(contained), "put these roles into a role");
        requireHarmlessForAll(role, draft.before().privileges(contained));
        return draft.put(Role.of(role.name(), role.description(), role.privileges(), role.roles()));
    }

    private static void requireHarmlessForAll(Role role, List<Privilege> contained) {
        boolean administers = Stream.concat(role.privileges().stream(), contained.stream())
                .anyMatch(Privilege.Admin.class::isInstance);
        if (role.name().equals(BuiltIn.ANONYMOUS) && administers) {
            throw new AccountException(
                    AccountException.Reason.NOT_ALLOWED, "nobody administers anything without logging in");
        }
    }

    /** It is taken from all who have it, and out of all roles that contain it. */
    public void delete(Caller by, String name) {
        changes.make(by, "role.delete", name, draft -> {
            Role role = draft.role(name);
            requireAbove(draft, role, "delete");
            if (role.builtIn()) {
                throw new AccountException(
                        AccountException.Reason.NOT_ALLOWED,
                        "the role " + name + " is built in: take out its privileges instead of deleting it");
            }
            draft.delete(Documents.ROLES, name);
            takeFromAll(draft, name);
            return role;
        });
    }

    private static void takeFromAll(Draft draft, String name) {
        draft.before().users().stream()
                .filter(u -> u.roles().contains(name))
                .forEach(u -> draft.put(u.withRoles(without(u.roles(), name), draft.version())));
        draft.before().assignments().stream()
                .filter(a -> a.roles().contains(name))
                .forEach(a -> draft.put(new Assignment(a.to(), without(a.roles(), name), draft.version())));
        draft.before().roles().stream()
                .filter(r -> r.roles().contains(name))
                .forEach(r -> draft.put(Role.of(r.name(), r.description(), r.privileges(), without(r.roles(), name))));
    }

    private static void requireAbove(Draft draft, Role role, String deed) {
        draft.powers().require(Domain.ROLES, deed + " the role " + role.name());
        draft.powers().requireAll(draft.before().privileges(Set.of(role.name())), deed + " the role " + role.name());
    }

    /** Gives it to a user of this server, to a principal of another realm, or to all members of a group there. */
    public void grant(Caller by, Assignee to, String role) {
        changes.make(by, "role.grant", to + ": " + role, draft -> assigned(draft, to, role, true));
    }

    public void revoke(Caller by, Assignee to, String role) {
        changes.make(by, "role.revoke", to + ": " + role, draft -> assigned(draft, to, role, false));
    }

    private static Role assigned(Draft draft, Assignee to, String name, boolean has) {
        Role role = draft.role(name);
        requireAbove(draft, role, has ? "give" : "take away");
        if (to instanceof Assignee.One one && one.realm().equals(User.REALM)) {
            User user = draft.user(one.principal().name());
            if (user.roles().contains(name) != has) {
                draft.put(user.withRoles(changed(user.roles(), name, has), draft.version()));
            }
            return role;
        }
        Set<String> roles = draft.before().assignment(to).map(Assignment::roles).orElse(Set.of());
        if (roles.contains(name) != has) {
            draft.put(new Assignment(to, changed(roles, name, has), draft.version()));
        }
        return role;
    }

    private static Set<String> changed(Set<String> roles, String name, boolean has) {
        Set<String> changed = new HashSet<>(roles);
        if (has) {
            changed.add(name);
        } else {
            changed.remove(name);
        }
        return changed;
    }

    private static Set<String> without(Set<String> roles, String name) {
        return changed(roles, name, false);
    }
}
