package io.entrepot.auth.account;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How accounts are kept: which collection, under which id, as which JSON. */
final class Documents {
    static final String USERS = "auth.user";
    static final String ROLES = "auth.role";
    static final String KEYS = "auth.key";
    static final String ASSIGNMENTS = "auth.assignment";
    /** One document that is written with every change, so that no two are made on the same knowledge. */
    static final String LEDGER = "auth.ledger";

    static final String LEDGER_ID = "changes";

    private Documents() {}

    static String write(User user) {
        return new JsonObject()
                .with("name", user.name())
                .with("kind", user.kind().name().toLowerCase(Locale.ROOT))
                .with("displayName", user.displayName())
                .with("email", user.email())
                .with("enabled", user.enabled())
                .withOptional("passwordHash", user.passwordHash())
                .withSet("roles", user.roles())
                .with("securityVersion", user.securityVersion())
                .with("mustChangePassword", user.mustChangePassword())
                .with("created", user.created())
                .withOptional("expires", user.expires())
                .withOptional("owner", user.owner())
                .end();
    }

    static User user(String json) {
        Fields fields = Fields.read(json);
        User user = new User(
                fields.text("name"),
                kind(fields.text("kind")),
                fields.text("displayName"),
                fields.text("email"),
                fields.flag("enabled"),
                fields.optionalText("passwordHash"),
                fields.set("roles"),
                fields.number("securityVersion"),
                fields.flag("mustChangePassword"),
                fields.instant("created"),
                fields.optionalInstant("expires"),
                fields.optionalText("owner"));
        fields.end();
        return user;
    }

    private static User.Kind kind(String text) {
        return switch (text) {
            case "person" -> User.Kind.PERSON;
            case "robot" -> User.Kind.ROBOT;
            default ->
                throw new AccountException(
                        AccountException.Reason.INVALID, "a user is a person or a robot, not: " + text);
        };
    }

    static String write(Role role) {
        return new JsonObject()
                .with("name", role.name())
                .with("description", role.description())
                .withPrivileges("privileges", role.privileges())
                .withSet("roles", role.roles())
                .end();
    }

    static Role role(String json) {
        Fields fields = Fields.read(json);
        Role role = Role.of(
                fields.text("name"), fields.text("description"), fields.privileges("privileges"), fields.set("roles"));
        fields.end();
        return role;
    }

    static String write(ApiKey key) {
        JsonObject json = new JsonObject()
                .with("id", key.id())
                .with("owner", key.owner())
                .with("label", key.label())
                .with("secretHash", key.secretHash());
        key.restriction().ifPresent(r -> json.withPrivileges("restriction", r));
        return json.with("created", key.created())
                .withOptional("expires", key.expires())
                .withOptional("lastUsed", key.lastUsed())
                .end();
    }

    static ApiKey key(String json) {
        Fields fields = Fields.read(json);
        ApiKey key = new ApiKey(
                fields.text("id"),
                fields.text("owner"),
                fields.text("label"),
                fields.text("secretHash"),
                fields.optionalPrivileges("restriction"),
                fields.instant("created"),
                fields.optionalInstant("expires"),
                fields.optionalInstant("lastUsed"));
        fields.end();
        return key;
    }

    static String write(Assignment assignment) {
        JsonObject json = new JsonObject().with("realm", assignment.to().realm());
        if (assignment.to() instanceof Assignee.Group group) {
            json.with("group", group.group());
        } else if (assignment.to() instanceof Assignee.One one) {
            json.with("name", one.principal().name());
        }
        return json.withSet("roles", assignment.roles())
                .with("securityVersion", assignment.securityVersion())
                .end();
    }

    static Assignment assignment(String json) {
        Fields fields = Fields.read(json);
        String realm = fields.text("realm");
        Optional<String> group = fields.optionalText("group");
        Assignee to = group.<Assignee>map(g -> new Assignee.Group(realm, g))
                .orElseGet(() -> Assignee.One.parse(realm + "/" + fields.text("name")));
        Assignment assignment = new Assignment(to, fields.set("roles"), fields.number("securityVersion"));
        fields.end();
        return assignment;
    }

    /** Groups are called all kinds of things: what stands for one has a form that every store takes. */
    static String id(Assignee to) {
        List<String> parts = to instanceof Assignee.Group group
                ? List.of("group", group.realm(), group.group())
                : List.of(
                        "principal", to.realm(), ((Assignee.One) to).principal().name());
        return Hashing.sha256()
                .hashString(String.join("\n", parts), StandardCharsets.UTF_8)
                .toString();
    }

    static String writeLedger(long changes) {
        return new JsonObject().with("changes", changes).end();
    }

    static long ledger(String json) {
        Fields fields = Fields.read(json);
        long changes = fields.number("changes");
        fields.end();
        return changes;
    }
}
