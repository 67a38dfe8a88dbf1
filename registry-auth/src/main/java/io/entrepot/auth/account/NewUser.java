package io.entrepot.auth.account;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A user to be made.
 *
 * @param name for a robot with or without {@code robot$} in front
 * @param password in clear; a person without one cannot log in until one is set, a robot has none
 * @param mustChangePassword at his first login
 * @param owner of a robot: the id of the principal that may make and revoke its keys
 */
public record NewUser(
        String name,
        User.Kind kind,
        String displayName,
        String email,
        Optional<String> password,
        boolean mustChangePassword,
        Set<String> roles,
        Optional<Instant> expires,
        Optional<String> owner) {
    public NewUser {
        roles = Set.copyOf(roles);
    }

    public static NewUser person(String name, String password, Set<String> roles) {
        return new NewUser(
                name,
                User.Kind.PERSON,
                "",
                "",
                Optional.of(password),
                false,
                roles,
                Optional.empty(),
                Optional.empty());
    }

    public static NewUser robot(String name, Set<String> roles) {
        return new NewUser(
                name, User.Kind.ROBOT, "", "", Optional.empty(), false, roles, Optional.empty(), Optional.empty());
    }

    /** Under which it will be known. */
    String fullName() {
        return kind == User.Kind.ROBOT && !name.startsWith(User.ROBOT_PREFIX) ? User.ROBOT_PREFIX + name : name;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return kind + " " + name + " " + roles;
    }
}
