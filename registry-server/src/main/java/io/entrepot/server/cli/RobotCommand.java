package io.entrepot.server.cli;

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

/** {@code entrepot robot}: programs that log in by themselves. They are users in all but the password. */
@Command(
        description = "Robots: programs that log in by API keys; entrepot user and token manage them, too.",
        synopsisSubcommandLabel = "COMMAND")
final class RobotCommand implements Runnable {
    static final String PREFIX = "robot$";
    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    RobotCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: entrepot robot add NAME.");
    }

    @Command(description = "Adds a robot with a first API key, and prints that, once.", sortOptions = false)
    void add(
            @Parameters(paramLabel = "NAME", description = "it logs in as robot$NAME") String given,
            @Option(names = "--role", paramLabel = "ROLE", description = "what it may do; may be given several times")
                    @Nullable
                    List<String> roles,
            @Option(names = "--description", paramLabel = "TEXT") @Nullable String description,
            @Mixin TokenCommand.KeyOptions key,
            @Mixin AdminOptions options) {
        String name = given.startsWith(PREFIX) ? given : PREFIX + given;
        try (Administrator admin = options.open(surroundings)) {
            JsonObject body = new JsonObject();
            body.addProperty("name", name);
            body.addProperty("kind", "robot");
            body.add("roles", UserCommand.array(roles));
            UserCommand.property(body, "displayName", description);
            admin.send("POST", "/users", body);
            admin.note("Robot " + name + " is added, " + UserCommand.rolesOf(roles) + ".");
            key.make(admin, name, options.keysOf(name));
        }
    }
}
