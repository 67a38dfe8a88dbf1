package io.entrepot.server.cli;

import static io.entrepot.server.cli.Administrator.encoded;
import static io.entrepot.server.cli.UserCommand.array;
import static io.entrepot.server.cli.UserCommand.property;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code entrepot role}: what may be done, and who may do it. */
@Command(description = "Roles: what may be done, and who may do it.", synopsisSubcommandLabel = "COMMAND")
final class RoleCommand implements Runnable {
    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    RoleCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: entrepot role list, or create.");
    }

    @Command(description = "Lists all roles.")
    void list(@Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(admin.get("/roles"), new Table("name", "builtIn", "description"), "There are no roles.");
        }
    }

    @Command(description = "Shows a role: what it allows, and what other roles it contains.")
    void show(@Parameters(paramLabel = "ROLE") String name, @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(admin.get("/roles/" + encoded(name)));
        }
    }

    @Command(description = "Makes a role.", sortOptions = false)
    void create(@Parameters(paramLabel = "ROLE") String name, @Mixin RoleOptions content, @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            JsonObject body = content.body();
            body.addProperty("name", name);
            admin.done(admin.send("POST", "/roles", body), "Role " + name + " is made.");
        }
    }

    @Command(
            description = {
                "Changes a role. What is given takes the place of what there was;",
                "--privilege or --contains, given once, replaces all of its kind."
            },
            sortOptions = false)
    void update(@Parameters(paramLabel = "ROLE") String name, @Mixin RoleOptions content, @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.done(admin.send("PATCH", "/roles/" + encoded(name), content.body()), "Role " + name + " is changed.");
        }
    }

    @Command(description = "Deletes a role; whoever has it loses it.")
    void delete(
            @Parameters(paramLabel = "ROLE") String name,
            @Mixin Confirmation confirmation,
            @Mixin AdminOptions options) {
        confirmation.require(surroundings, "Role " + name + " is deleted, and taken from everybody who has it.");
        try (Administrator admin = options.open(surroundings)) {
            admin.done(admin.delete("/roles/" + encoded(name)), "Role " + name + " is deleted.");
        }
    }

    @Command(description = "Gives a role to somebody.")
    void grant(
            @Parameters(paramLabel = "ROLE") String role,
            @Parameters(paramLabel = "TO", description = "a user, ldap/alice, or group:ldap/devs") String to,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            Grants.grant(admin, role, to);
        }
    }

    @Command(description = "Takes a role from somebody.")
    void revoke(
            @Parameters(paramLabel = "ROLE") String role,
            @Parameters(paramLabel = "FROM", description = "a user, ldap/alice, or group:ldap/devs") String from,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            Grants.revoke(admin, role, from);
        }
    }

    @Command(description = "Lists who outside of the local users has roles: people and groups of other realms.")
    void assignments(@Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(admin.get("/assignments"), new Table("to", "roles"), "Nobody of another realm has a role.");
        }
    }

    @Command(description = "Searches the privileges that a role can have, such as: entrepot role privileges docker")
    void privileges(
            @Parameters(paramLabel = "WORD", arity = "0..1", defaultValue = "") String word,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(
                    admin.get("/privileges?search=" + encoded(word)),
                    new Table("name", "privileges", "description"),
                    "No privilege is like that.");
        }
    }

    /** What a role is made of. */
    static final class RoleOptions {
        @Option(
                names = "--privilege",
                paramLabel = "PRIVILEGE",
                description = "such as read,add:private:team/**; entrepot role privileges lists them")
        private @Nullable List<String> privileges;

        @Option(names = "--contains", paramLabel = "ROLE", description = "whatever that role allows, too")
        private @Nullable List<String> contains;

        @Option(names = "--description", paramLabel = "TEXT")
        private @Nullable String description;

        JsonObject body() {
            JsonObject body = new JsonObject();
            property(body, "description", description);
            if (privileges != null) {
                body.add("privileges", array(privileges));
            }
            if (contains != null) {
                body.add("roles", array(contains));
            }
            return body;
        }
    }
}
