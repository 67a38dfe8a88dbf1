package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.auth.account.ApiKey;
import io.entrepot.auth.account.Assignee;
import io.entrepot.auth.account.Assignment;
import io.entrepot.auth.account.Role;
import io.entrepot.auth.account.User;
import io.entrepot.auth.audit.AuditEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** How accounts look in answers. Nothing that is secret, nor its hash, is ever among their fields. */
final class Shapes {
    private static final String GROUP = "group:";

    private Shapes() {}

    static JsonObject of(User user) {
        JsonObject json = new JsonObject();
        json.addProperty("name", user.name());
        json.addProperty("id", user.principal().id());
        json.addProperty("kind", user.kind().name().toLowerCase(Locale.ROOT));
        json.addProperty("displayName", user.displayName());
        json.addProperty("email", user.email());
        json.addProperty("enabled", user.enabled());
        json.add("roles", strings(user.roles()));
        json.addProperty("mustChangePassword", user.mustChangePassword());
        json.addProperty("created", user.created().toString());
        instant(json, "expires", user.expires());
        user.owner().ifPresent(owner -> json.addProperty("owner", owner));
        return json;
    }

    static JsonObject of(Role role) {
        JsonObject json = new JsonObject();
        json.addProperty("name", role.name());
        json.addProperty("description", role.description());
        json.add("privileges", Privileges.print(role.privileges()));
        json.add("roles", strings(role.roles()));
        json.addProperty("builtIn", role.builtIn());
        return json;
    }

    static JsonObject of(ApiKey key) {
        JsonObject json = new JsonObject();
        json.addProperty("id", key.id());
        json.addProperty("owner", key.owner());
        json.addProperty("label", key.label());
        key.restriction().ifPresent(only -> json.add("only", Privileges.print(only)));
        json.addProperty("created", key.created().toString());
        instant(json, "expires", key.expires());
        instant(json, "lastUsed", key.lastUsed());
        return json;
    }

    static JsonObject of(Assignment assignment) {
        JsonObject json = new JsonObject();
        json.addProperty("to", text(assignment.to()));
        json.add("roles", strings(assignment.roles()));
        return json;
    }

    static JsonObject of(AuditEntry entry) {
        JsonObject json = new JsonObject();
        json.addProperty("at", entry.at().toString());
        json.addProperty("action", entry.action());
        json.addProperty("outcome", entry.outcome().name().toLowerCase(Locale.ROOT));
        json.addProperty("principal", entry.principal());
        entry.credential().ifPresent(text -> json.addProperty("credential", text));
        entry.from().ifPresent(text -> json.addProperty("from", text));
        entry.service().ifPresent(text -> json.addProperty("service", text));
        entry.request().ifPresent(text -> json.addProperty("request", text));
        json.addProperty("target", entry.target());
        json.addProperty("reason", entry.reason());
        return json;
    }

    /** As {@link #assignee} reads it. */
    static String text(Assignee assignee) {
        return assignee instanceof Assignee.Group group
                ? GROUP + group.realm() + "/" + group.group()
                : assignee.toString();
    }

    /** Reads {@code ldap/alice}, {@code group:ldap/devs}, and the bare name of a user of this server. */
    static Assignee assignee(String text) {
        if (text.startsWith(GROUP)) {
            String group = text.substring(GROUP.length());
            int slash = group.indexOf('/');
            if (slash < 0) {
                throw AdminException.field("to", "a group is named with its realm, such as group:ldap/devs");
            }
            return new Assignee.Group(group.substring(0, slash), group.substring(slash + 1));
        }
        return Assignee.One.parse(id(text));
    }

    /** The id of a principal; a bare name is that of a user of this server. */
    static String id(String nameOrId) {
        return nameOrId.indexOf('/') < 0 ? User.REALM + "/" + nameOrId : nameOrId;
    }

    static JsonArray strings(Collection<String> texts) {
        JsonArray array = new JsonArray();
        texts.stream().sorted().forEach(array::add);
        return array;
    }

    static <T> Answer list(Collection<T> all, Function<T, JsonObject> shape) {
        JsonArray items = new JsonArray();
        all.forEach(one -> items.add(shape.apply(one)));
        return list(items);
    }

    static Answer list(JsonArray items) {
        JsonObject json = new JsonObject();
        json.add("items", items);
        return new Answer(200, json.toString());
    }

    static Answer one(JsonObject json) {
        return new Answer(200, json.toString());
    }

    static Answer made(JsonObject json) {
        return new Answer(201, json.toString());
    }

    private static void instant(JsonObject json, String name, Optional<Instant> instant) {
        instant.ifPresent(i -> json.addProperty(name, i.toString()));
    }
}
