package io.entrepot.auth.account;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.TagPattern;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Privileges as one line of text, the same in settings, documents, commands and answers.
 *
 * <pre>
 * read,add:private:team/**        actions : registry : images
 * read:*:**:v*                    ... : tags
 * *:type=proxy:**                 all actions, on all registries of one kind
 * pull:private                    pull is browse,read; push is add,edit; images may be left out if it is all of them
 * admin:users                     may change users;  admin:users:read  may only see them
 * </pre>
 *
 * A registry is given by its name, in which {@code *} stands for any characters, as {@code *} for all of them, or by its
 * kind. In images {@code **} crosses {@code /}, {@code *} does not, and {@code {user}} is the name of whoever asks.
 */
public final class PrivilegeNotation {
    private static final String ADMIN = "admin";

    private PrivilegeNotation() {}

    /** @throws AccountException with a sentence if it is none */
    public static Privilege parse(String text) {
        String[] parts = text.strip().split(":", -1);
        try {
            return parts[0].equals(ADMIN) ? administrative(parts) : content(parts);
        } catch (IllegalArgumentException e) {
            throw new AccountException(
                    AccountException.Reason.INVALID, "not a privilege: '" + text + "': " + e.getMessage());
        }
    }

    private static Privilege administrative(String[] parts) {
        if (parts.length < 2 || parts.length > 3 || parts.length == 3 && !parts[2].equals("read")) {
            throw new IllegalArgumentException("administration is written as admin:DOMAIN or admin:DOMAIN:read");
        }
        return new Privilege.Admin(domain(parts[1]), parts.length == 2);
    }

    private static Domain domain(String word) {
        return Arrays.stream(Domain.values())
                .filter(d -> word(d).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("what is administered is one of "
                        + Arrays.stream(Domain.values())
                                .map(PrivilegeNotation::word)
                                .collect(Collectors.joining(", "))));
    }

    private static Privilege content(String[] parts) {
        if (parts.length < 2 || parts.length > 4) {
            throw new IllegalArgumentException(
                    "it is written as ACTIONS:REGISTRY:IMAGES or ACTIONS:REGISTRY:IMAGES:TAGS, such as"
                            + " read,add:private:team/**");
        }
        return new Privilege.Content(
                actions(parts[0]),
                RegistrySelector.parse(parts[1]),
                parts.length > 2 ? new RepositoryPattern(parts[2]) : RepositoryPattern.ALL,
                parts.length > 3 ? Optional.of(new TagPattern(parts[3])) : Optional.empty());
    }

    private static Set<Action> actions(String text) {
        EnumSet<Action> actions = EnumSet.noneOf(Action.class);
        for (String word : text.split(",", -1)) {
            switch (word) {
                case "*" -> actions.addAll(EnumSet.allOf(Action.class));
                case "pull" -> actions.addAll(EnumSet.of(Action.BROWSE, Action.READ));
                case "push" -> actions.addAll(EnumSet.of(Action.ADD, Action.EDIT));
                default -> actions.add(action(word));
            }
        }
        return actions;
    }

    private static Action action(String word) {
        return Arrays.stream(Action.values())
                .filter(a -> word(a).equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "actions are browse, read, add, edit, delete, pull (browse and read), push (add and edit) and *"));
    }

    /** What {@link #parse} reads as the same privilege. */
    public static String print(Privilege privilege) {
        if (privilege instanceof Privilege.Admin admin) {
            return ADMIN + ":" + word(admin.domain()) + (admin.change() ? "" : ":read");
        }
        Privilege.Content content = (Privilege.Content) privilege;
        String actions = content.actions().size() == Action.values().length
                ? "*"
                : content.actions().stream()
                        .sorted()
                        .map(PrivilegeNotation::word)
                        .collect(Collectors.joining(","));
        return actions + ":" + content.registries() + ":" + content.names().glob()
                + content.tags().map(t -> ":" + t.glob()).orElse("");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
