package io.entrepot.auth.account;

import java.util.regex.Pattern;

/** The forms of what accounts are called, each checked where a record is made, so that nobody downstream asks again. */
final class Names {
    static final int MAX_NAME = 64;

    private static final Pattern USER = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
    private static final Pattern ROBOT = Pattern.compile("robot\\$[a-z0-9][a-z0-9._@-]{0,63}");
    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private Names() {}

    static void requireUser(String name) {
        require(
                USER.matcher(name).matches(),
                "a user's name has 1 to " + MAX_NAME
                        + " characters: lower-case letters, digits, '.', '_', '@' and '-', the first a letter or digit");
    }

    static void requireRobot(String name) {
        require(
                ROBOT.matcher(name).matches(),
                "a robot's name is 'robot$' and 1 to " + MAX_NAME
                        + " lower-case letters, digits, '.', '_', '@' and '-', the first a letter or digit");
    }

    static void requireRole(String name) {
        require(
                ROLE.matcher(name).matches(),
                "a role's name has 1 to " + MAX_NAME
                        + " characters: letters, digits, '.', '_', '@' and '-', the first a letter or digit");
    }

    static void requireKeyId(String id) {
        require(ApiKeys.isId(id), "the id of an API key has 12 lower-case letters and digits");
    }

    /** A text that people read: one line, and not too long. */
    static void requireLine(String what, String text, int max) {
        require(text.length() <= max, what + " has at most " + max + " characters");
        require(text.chars().noneMatch(Character::isISOControl), what + " is one line without control characters");
    }

    static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new AccountException(AccountException.Reason.INVALID, sentence);
        }
    }
}
