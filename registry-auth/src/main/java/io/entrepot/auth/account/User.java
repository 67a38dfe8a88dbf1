package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody this server knows by itself: a person, or a robot, which is a program that logs in by API keys only.
 *
 * @param name a robot's begins with {@code robot$}; it is the kind that tells which it is
 * @param passwordHash in PHC string form, or bcrypt's; a robot has none
 * @param securityVersion grows with each change after which tokens and verified credentials are no longer good; never
 *     one that a deleted user of the same name had
 * @param mustChangePassword before anything else: it was given to him by somebody else
 * @param owner the id of the principal that a robot belongs to
 */
public record User(
        String name,
        Kind kind,
        String displayName,
        String email,
        boolean enabled,
        Optional<String> passwordHash,
        Set<String> roles,
        long securityVersion,
        boolean mustChangePassword,
        Instant created,
        Optional<Instant> expires,
        Optional<String> owner) {
    /** The realm that vouches for all of these. */
    public static final String REALM = "local";

    public static final int MAX_ROLES = 100;

    static final String ROBOT_PREFIX = "robot$";

    /** Who is behind it. */
    public enum Kind {
        PERSON,
        ROBOT
    }

    public User {
        if (kind == Kind.ROBOT) {
            Names.requireRobot(name);
            Names.require(passwordHash.isEmpty(), "a robot has no password: make it an API key");
        } else {
            Names.requireUser(name);
        }
        Names.requireLine("the name of a person", displayName, 200);
        Names.requireLine("an e-mail address", email, 254);
        Names.require(roles.size() <= MAX_ROLES, "a user has at most " + MAX_ROLES + " roles");
        owner.ifPresent(o -> Names.requireLine("an owner", o, 300));
        roles = Set.copyOf(roles);
    }

    public Principal principal() {
        return new Principal(REALM, name);
    }

    /** Whether he can log in at all: enabled, and not expired. */
    public boolean liveAt(Instant now) {
        return enabled && expires.map(now::isBefore).orElse(true);
    }

    User withProfile(String newDisplayName, String newEmail) {
        return new User(
                name,
                kind,
                newDisplayName,
                newEmail,
                enabled,
                passwordHash,
                roles,
                securityVersion,
                mustChangePassword,
                created,
                expires,
                owner);
    }

    User withExpiry(Optional<Instant> newExpires, long version) {
        return new User(
                name,
                kind,
                displayName,
                email,
                enabled,
                passwordHash,
                roles,
                version,
                mustChangePassword,
                created,
                newExpires,
                owner);
    }

    User withEnabled(boolean newEnabled, long version) {
        return new User(
                name,
                kind,
                displayName,
                email,
                newEnabled,
                passwordHash,
                roles,
                version,
                mustChangePassword,
                created,
                expires,
                owner);
    }

    User withPassword(String hash, boolean mustChange, long version) {
        return new User(
                name,
                kind,
                displayName,
                email,
                enabled,
                Optional.of(hash),
                roles,
                version,
                mustChange,
                created,
                expires,
                owner);
    }

    User withRoles(Set<String> newRoles, long version) {
        return new User(
                name,
                kind,
                displayName,
                email,
                enabled,
                passwordHash,
                newRoles,
                version,
                mustChangePassword,
                created,
                expires,
                owner);
    }

    User withoutOwner() {
        return new User(
                name,
                kind,
                displayName,
                email,
                enabled,
                passwordHash,
                roles,
                securityVersion,
                mustChangePassword,
                created,
                expires,
                Optional.empty());
    }

    /** Without the hash. */
    @Override
    public String toString() {
        return kind + " " + name + " " + roles + (enabled ? "" : " (disabled)");
    }
}
