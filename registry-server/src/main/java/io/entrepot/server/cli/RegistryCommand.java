package io.entrepot.server.cli;

import static io.entrepot.server.cli.Administrator.encoded;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code entrepot registry}: what registries a running server has. They are made by the settings. */
@Command(
        description = "Registries of a running server: what there is, and where it is reached.",
        synopsisSubcommandLabel = "COMMAND")
final class RegistryCommand implements Runnable {
    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    RegistryCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: entrepot registry list, or show.");
    }

    @Command(description = "Lists all registries, the main one first.")
    void list(@Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(
                    admin.get("/registries"),
                    new Table("name", "kind", "online", "blobStore", "urls"),
                    "There are no registries.");
        }
    }

    @Command(description = "Shows a registry: where it is reached, what it stands in for or is made of.")
    void show(@Parameters(paramLabel = "REGISTRY") String name, @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(admin.get("/registries/" + encoded(name)));
        }
    }
}
