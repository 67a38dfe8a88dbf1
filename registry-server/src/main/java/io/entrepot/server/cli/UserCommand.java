package io.entrepot.server.cli;

import static io.entrepot.server.cli.Administrator.encoded;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code entrepot user}: who may log in. */
@Command(description = "Users: who may log in.", synopsisSubcommandLabel = "COMMAND")
final class UserCommand implements Runnable {
    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    UserCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: entrepot user list, or add.");
    }

    @Command(description = "Lists all users and robots.")
    void list(@Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(
                    admin.get("/users"),
                    new Table("name", "kind", "enabled", "roles", "expires", "displayName"),
                    "There are no users.");
        }
    }

    @Command(description = "Shows a user.")
    void show(@Parameters(paramLabel = "USER") String name, @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(admin.get("/users/" + encoded(name)));
        }
    }

    @Command(
            description = {
                "Adds a user. The password comes from standard input or from ENTREPOT_PASSWORD[_FILE];",
                "otherwise one is made, and printed once."
            },
            sortOptions = false)
    void add(
            @Parameters(paramLabel = "USER") String name,
            @Option(names = "--role", paramLabel = "ROLE", description = "what he may do; may be given several times")
                    @Nullable
                    List<String> roles,
            @Option(names = "--name", paramLabel = "NAME", description = "what he is called") @Nullable String display,
            @Option(names = "--email", paramLabel = "ADDRESS") @Nullable String email,
            @Option(
                            names = "--expires",
                            paramLabel = "WHEN",
                            converter = Expiry.class,
                            description = "12h, 90d, 1y, or a day")
                    @Nullable
                    Instant expires,
            @Option(names = "--password-stdin", description = "the password is a line of standard input")
                    boolean fromInput,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            JsonObject body = new JsonObject();
            body.addProperty("name", name);
            property(body, "displayName", display);
            property(body, "email", email);
            body.add("roles", array(roles));
            Expiry.addTo(body, expires);
            Optional<String> password = Passwords.read(surroundings, fromInput, "ENTREPOT_PASSWORD");
            password.ifPresent(p -> body.addProperty("password", p));
            JsonObject made = admin.send("POST", "/users", body);
            String sentence = "User " + name + " is added, " + rolesOf(roles) + ".";
            if (password.isPresent()) {
                admin.done(made, sentence);
            } else {
                admin.printSecret(made, "password", sentence + " That is the password: it is not shown again.");
            }
        }
    }

    @Command(
            description = {
                "Sets the password of a user. It comes from standard input or from ENTREPOT_PASSWORD[_FILE];",
                "otherwise one is made, and printed once. What he is logged in with is no longer good."
            })
    void passwd(
            @Parameters(paramLabel = "USER") String name,
            @Option(names = "--password-stdin", description = "the password is a line of standard input")
                    boolean fromInput,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            JsonObject body = new JsonObject();
            Optional<String> password = Passwords.read(surroundings, fromInput, "ENTREPOT_PASSWORD");
            password.ifPresent(p -> body.addProperty("password", p));
            JsonObject answer = admin.send("PUT", "/users/" + encoded(name) + "/password", body);
            if (password.isPresent()) {
                admin.done(answer, "User " + name + " has a new password.");
            } else {
                admin.printSecret(
                        answer, "password", "That is the new password of " + name + ": it is not shown again.");
            }
        }
    }

    @Command(description = "Lets a disabled user log in again.")
    void enable(@Parameters(paramLabel = "USER") String name, @Mixin AdminOptions options) {
        enabled(name, true, options);
    }

    @Command(description = "Lets a user log in no longer; what he is logged in with ends within seconds.")
    void disable(@Parameters(paramLabel = "USER") String name, @Mixin AdminOptions options) {
        enabled(name, false, options);
    }

    private void enabled(String name, boolean enabled, AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            JsonObject body = new JsonObject();
            body.addProperty("enabled", enabled);
            JsonObject answer = admin.send("PATCH", "/users/" + encoded(name), body);
            admin.done(answer, "User " + name + (enabled ? " may log in again." : " can no longer log in."));
        }
    }

    @Command(description = "Deletes a user or robot, with his API keys. What he pushed stays.")
    void delete(
            @Parameters(paramLabel = "USER") String name,
            @Mixin Confirmation confirmation,
            @Mixin AdminOptions options) {
        confirmation.require(surroundings, "User " + name + " and all his API keys are deleted.");
        try (Administrator admin = options.open(surroundings)) {
            admin.done(admin.delete("/users/" + encoded(name)), "User " + name + " is deleted.");
        }
    }

    @Command(description = "Gives a user a role.")
    void grant(
            @Parameters(paramLabel = "USER") String name,
            @Parameters(paramLabel = "ROLE") String role,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            Grants.grant(admin, role, name);
        }
    }

    @Command(description = "Takes a role from a user.")
    void revoke(
            @Parameters(paramLabel = "USER") String name,
            @Parameters(paramLabel = "ROLE") String role,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            Grants.revoke(admin, role, name);
        }
    }

    @Command(description = "Tells what a user may do with an image, and which of his roles allow it.")
    void explain(
            @Parameters(paramLabel = "USER", description = "a name, ldap/alice, or anonymous") String name,
            @Parameters(paramLabel = "IMAGE", description = "as in team/app:1") String image,
            @Option(
                            names = "--registry",
                            paramLabel = "REGISTRY",
                            description = "which one; the main one if it is not given")
                    @Nullable
                    String registry,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            int colon = image.lastIndexOf(':');
            boolean tagged = colon > image.lastIndexOf('/');
            String target = "/access/explain?user=" + encoded(name) + "&repository="
                    + encoded(tagged ? image.substring(0, colon) : image)
                    + (tagged ? "&tag=" + encoded(image.substring(colon + 1)) : "")
                    + (registry == null ? "" : "&registry=" + encoded(registry));
            admin.print(admin.get(target), new Table("action", "allowed", "by"), "");
        }
    }

    static JsonArray array(@Nullable List<String> texts) {
        JsonArray array = new JsonArray();
        if (texts != null) {
            texts.forEach(array::add);
        }
        return array;
    }

    static void property(JsonObject body, String name, @Nullable String value) {
        if (value != null) {
            body.addProperty(name, value);
        }
    }

    static String rolesOf(@Nullable List<String> roles) {
        return roles == null || roles.isEmpty()
                ? "without a role"
                : "with the role" + (roles.size() > 1 ? "s " : " ") + String.join(", ", roles);
    }
}
