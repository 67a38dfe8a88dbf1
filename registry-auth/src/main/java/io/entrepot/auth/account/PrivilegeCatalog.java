package io.entrepot.auth.account;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The privileges that exist by themselves, for each registry and for all of them together, under the names that Nexus
 * gives them: what roles are usually made of. Nothing is kept of them; they come and go with the registries.
 */
public final class PrivilegeCatalog {
    /**
     * @param name by which it is found, such as {@code nx-repository-view-docker-private-read}
     * @param description what it allows, in words
     * @param privileges what it is, to be put into a role
     */
    public record Entry(String name, String description, List<Privilege> privileges) {
        public Entry {
            privileges = List.copyOf(privileges);
        }
    }

    private PrivilegeCatalog() {}

    /** Those whose name or description holds all the words, in whatever case; all of them if there are no words. */
    public static List<Entry> search(String words, Collection<RegistryId> registries) {
        List<String> wanted = Arrays.stream(
                        words.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                .filter(w -> !w.isEmpty())
                .toList();
        return entries(registries)
                .filter(e -> wanted.stream().allMatch(w -> text(e).contains(w)))
                .toList();
    }

    /** The one of exactly this name. */
    public static Optional<Entry> find(String name, Collection<RegistryId> registries) {
        return entries(registries).filter(e -> e.name().equals(name)).findFirst();
    }

    private static String text(Entry entry) {
        return (entry.name() + " " + entry.description()).toLowerCase(Locale.ROOT);
    }

    private static Stream<Entry> entries(Collection<RegistryId> registries) {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry("nx-all", "everything", NexusPrivileges.parse("nx-all")));
        content(entries, "nx-repository-view-docker-*-", new RegistrySelector.All(), "all docker registries");
        for (RegistryId registry : registries) {
            content(
                    entries,
                    "nx-repository-view-docker-" + registry.name() + "-",
                    new RegistrySelector.Named(registry.name()),
                    "the " + registry.kind().name().toLowerCase(Locale.ROOT) + " docker registry " + registry.name());
        }
        for (Domain domain : Domain.values()) {
            administration(entries, domain, false);
            administration(entries, domain, true);
        }
        return entries.stream();
    }

    private static void content(List<Entry> entries, String prefix, RegistrySelector selector, String where) {
        entries.add(entry(prefix + "*", "everything in " + where, EnumSet.allOf(Action.class), selector));
        for (Action action : Action.values()) {
            String word = action.name().toLowerCase(Locale.ROOT);
            entries.add(entry(prefix + word, words(action) + " " + where, Set.of(action), selector));
        }
    }

    private static Entry entry(String name, String description, Set<Action> actions, RegistrySelector selector) {
        return new Entry(
                name,
                description,
                List.of(new Privilege.Content(actions, selector, RepositoryPattern.ALL, Optional.empty())));
    }

    private static String words(Action action) {
        return switch (action) {
            case BROWSE -> "see names and tags in";
            case READ -> "pull from";
            case ADD -> "push new tags to";
            case EDIT -> "move existing tags in";
            case DELETE -> "delete from";
        };
    }

    private static void administration(List<Entry> entries, Domain domain, boolean change) {
        Privilege privilege = new Privilege.Admin(domain, change);
        String what = domain.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        entries.add(new Entry(
                PrivilegeNotation.print(privilege), (change ? "see and change " : "see ") + what, List.of(privilege)));
    }
}
