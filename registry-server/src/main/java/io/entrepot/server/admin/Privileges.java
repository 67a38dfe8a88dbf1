package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.auth.account.AccountException;
import io.entrepot.auth.account.NexusPrivileges;
import io.entrepot.auth.account.Privilege;
import io.entrepot.auth.account.PrivilegeCatalog;
import io.entrepot.auth.account.PrivilegeNotation;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Privileges as requests and answers name them: in our notation or, where they have one, by the name that Nexus gives them. */
final class Privileges {
    private static final String NEXUS = "nx-";

    private final List<RegistryId> registries;

    Privileges(List<RegistryId> registries) {
        this.registries = registries;
    }

    /** Those that exist by themselves and have all the words in their name or in what they are. */
    JsonArray search(String words) {
        JsonArray found = new JsonArray();
        PrivilegeCatalog.search(words, registries).forEach(entry -> {
            JsonObject json = new JsonObject();
            json.addProperty("name", entry.name());
            json.add("privileges", print(entry.privileges()));
            json.addProperty("description", entry.description());
            found.add(json);
        });
        return found;
    }

    /** @throws AdminException that names the field, if one of the texts is no privilege */
    List<Privilege> parse(String field, List<String> texts) {
        try {
            return texts.stream().flatMap(Privileges::parse).toList();
        } catch (AccountException e) {
            throw AdminException.field(field, String.valueOf(e.getMessage()));
        }
    }

    private static Stream<Privilege> parse(String text) {
        return text.startsWith(NEXUS) ? NexusPrivileges.parse(text).stream() : Stream.of(PrivilegeNotation.parse(text));
    }

    static JsonArray print(List<Privilege> privileges) {
        JsonArray texts = new JsonArray();
        privileges.stream().map(PrivilegeNotation::print).forEach(texts::add);
        return texts;
    }

    /** As it stands in a sentence. */
    static String word(Domain domain) {
        return domain.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
