package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.auth.account.AccountException;
import io.entrepot.auth.account.Privilege;
import io.entrepot.auth.account.PrivilegeNotation;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The privileges that exist by themselves, since there are registries and parts of the server, under the names that Nexus
 * gives them. Whoever makes a role may use those or our own notation.
 */
final class Privileges {
    private static final Pattern VIEW =
            Pattern.compile("nx-repository-view-(?:docker|\\*)-(.+)-(\\*|browse|read|add|edit|delete)");
    private static final Map<Domain, String> NEXUS = new TreeMap<>(Map.of(
            Domain.USERS, "nx-users",
            Domain.ROLES, "nx-roles",
            Domain.REGISTRIES, "nx-repository-admin-*-*",
            Domain.BLOB_STORES, "nx-blobstores",
            Domain.SETTINGS, "nx-settings",
            Domain.TASKS, "nx-tasks",
            Domain.AUDIT, "nx-audit"));

    private record Known(String name, String privilege, String description) {
        boolean has(String word) {
            return (name + " " + privilege + " " + description)
                    .toLowerCase(Locale.ROOT)
                    .contains(word);
        }
    }

    private final List<Known> known = new ArrayList<>();

    /** @param registries their names */
    Privileges(List<String> registries) {
        addViews("*", "all docker registries");
        registries.forEach(name -> addViews(name, "the docker registry " + name));
        NEXUS.forEach((domain, name) -> {
            known.add(new Known(all(name), print(domain, true), "change " + word(domain)));
            known.add(new Known(name + "-read", print(domain, false), "see " + word(domain)));
        });
    }

    private void addViews(String registry, String what) {
        String name = "nx-repository-view-docker-" + registry + "-";
        known.add(new Known(name + "*", "*:" + registry + ":**", "everything in " + what));
        for (Action action : Action.values()) {
            String word = action.name().toLowerCase(Locale.ROOT);
            known.add(new Known(name + word, word + ":" + registry + ":**", word + " in " + what));
        }
    }

    private static String all(String name) {
        return name.endsWith("*") ? name + "-*" : name + "-all";
    }

    private static String print(Domain domain, boolean change) {
        return PrivilegeNotation.print(new Privilege.Admin(domain, change));
    }

    /** As it stands in a sentence. */
    static String word(Domain domain) {
        return domain.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Those with the word in their name, in our notation or in what they are. */
    JsonArray search(String word) {
        JsonArray found = new JsonArray();
        for (Known one : known) {
            if (one.has(word.toLowerCase(Locale.ROOT))) {
                JsonObject json = new JsonObject();
                json.addProperty("name", one.name());
                json.addProperty("privilege", one.privilege());
                json.addProperty("description", one.description());
                found.add(json);
            }
        }
        return found;
    }

    /** @throws AdminException that names the field, if one of the texts is no privilege */
    List<Privilege> parse(String field, List<String> texts) {
        return texts.stream().map(text -> parse(field, text)).toList();
    }

    private Privilege parse(String field, String text) {
        try {
            return PrivilegeNotation.parse(nexus(text).orElse(text));
        } catch (AccountException e) {
            throw AdminException.field(field, String.valueOf(e.getMessage()));
        }
    }

    /** In our notation, if it is a name of Nexus's. A registry that is yet to come may be in it. */
    private Optional<String> nexus(String text) {
        Matcher view = VIEW.matcher(text);
        if (view.matches()) {
            return Optional.of(view.group(2) + ":" + view.group(1) + ":**");
        }
        return known.stream()
                .filter(k -> k.name().equals(text))
                .map(Known::privilege)
                .findFirst();
    }

    static JsonArray print(List<Privilege> privileges) {
        JsonArray texts = new JsonArray();
        privileges.stream().map(PrivilegeNotation::print).forEach(texts::add);
        return texts;
    }
}
