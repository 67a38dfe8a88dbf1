package io.entrepot.auth.account;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Nexus's privileges, by the names that they have there: {@code nx-repository-view-docker-private-read}. A name of Nexus's
 * may be several privileges of ours.
 */
public final class NexusPrivileges {
    private static final String VIEW = "nx-repository-view-docker-";
    private static final String ADMIN = "nx-repository-admin-docker-";
    private static final String ALL = "nx-all";

    private NexusPrivileges() {}

    /** @throws AccountException with a sentence if there is nothing here that it could mean */
    public static List<Privilege> parse(String name) {
        try {
            if (name.equals(ALL)) {
                return everything();
            }
            if (name.startsWith(VIEW)) {
                return view(name.substring(VIEW.length()), RepositoryPattern.ALL);
            }
            if (name.startsWith(ADMIN)) {
                return administration(name.substring(ADMIN.length()));
            }
        } catch (IllegalArgumentException e) {
            throw refused(name, String.valueOf(e.getMessage()));
        }
        throw refused(
                name,
                "of Nexus's privileges " + ALL + ", " + VIEW + "REGISTRY-ACTION and " + ADMIN
                        + "*-ACTION are known here");
    }

    private static List<Privilege> everything() {
        List<Privilege> all = new ArrayList<>();
        all.add(BuiltIn.allContent());
        Arrays.stream(Domain.values()).forEach(d -> all.add(new Privilege.Admin(d, true)));
        return all;
    }

    private static List<Privilege> view(String rest, RepositoryPattern names) {
        int dash = dashBeforeAction(rest);
        return List.of(new Privilege.Content(
                actions(rest.substring(dash + 1)),
                RegistrySelector.parse(rest.substring(0, dash)),
                names,
                Optional.empty()));
    }

    private static int dashBeforeAction(String rest) {
        int dash = rest.lastIndexOf('-');
        if (dash < 1) {
            throw new IllegalArgumentException("it ends in -ACTION, after the name of a registry or *");
        }
        return dash;
    }

    /** Settings of registries are administered here all or none: a single one's cannot be given. */
    private static List<Privilege> administration(String rest) {
        int dash = dashBeforeAction(rest);
        String action = rest.substring(dash + 1);
        if (!rest.substring(0, dash).equals("*")) {
            throw new IllegalArgumentException(
                    "the settings of a single registry cannot be given to somebody, only those of all: use " + ADMIN
                            + "*-" + action);
        }
        boolean change = switch (action) {
            case "browse", "read" -> false;
            case "*", "edit", "add", "delete" -> true;
            default -> throw new IllegalArgumentException("the action is browse, read, edit, add, delete or *");
        };
        return List.of(new Privilege.Admin(Domain.REGISTRIES, change));
    }

    private static Set<Action> actions(String word) {
        if (word.equals("*")) {
            return EnumSet.allOf(Action.class);
        }
        return Arrays.stream(Action.values())
                .filter(a -> a.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .map(Set::of)
                .orElseThrow(() -> new IllegalArgumentException("the action is browse, read, edit, add, delete or *"));
    }

    /**
     * A privilege that Nexus bounds by a content selector (CSEL).
     *
     * @param registry its name, or {@code *}
     * @param actions Nexus's, such as {@code read}
     * @throws AccountException with a sentence if the expression says more than a pattern of names can
     */
    public static List<Privilege> selector(String registry, List<String> actions, String expression) {
        try {
            EnumSet<Action> all = EnumSet.noneOf(Action.class);
            actions.forEach(word -> all.addAll(actions(word)));
            RegistrySelector selector = RegistrySelector.parse(registry);
            return ContentSelector.names(expression).stream()
                    .map(names -> (Privilege) new Privilege.Content(all, selector, names, Optional.empty()))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw refused(expression, String.valueOf(e.getMessage()));
        }
    }

    private static AccountException refused(String what, String why) {
        return new AccountException(AccountException.Reason.INVALID, "'" + what + "' is not translated: " + why);
    }
}
