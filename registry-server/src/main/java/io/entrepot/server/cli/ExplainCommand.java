package io.entrepot.server.cli;

import static io.entrepot.server.cli.Administrator.encoded;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code entrepot explain}: who in a group answers for an image, and why. */
@Command(
        description = {
            "Says which member of a group answers for an image, and why not the others. Asks no upstream unless told to,",
            "so that looking costs no pulls."
        },
        sortOptions = false)
final class ExplainCommand implements Runnable {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "IMAGE", description = "as clients name it, without an address: library/nginx:1.27")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private String image;

    @Option(names = "--registry", paramLabel = "GROUP", description = "the main registry if it is not given")
    private @Nullable String registry;

    @Option(names = "--ask", description = "has members ask their upstreams about what they do not hold")
    private boolean ask;

    @Mixin
    private AdminOptions options = new AdminOptions();

    ExplainCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        try (Administrator admin = options.open(surroundings)) {
            String group = MainRegistry.unless(registry, admin);
            JsonObject answer = admin.get(
                    "/registries/" + encoded(group) + "/explain?image=" + encoded(image) + (ask ? "&ask=true" : ""));
            admin.print(
                    answer,
                    new Table("member", "verdict", "detail").of(Administrator.items(answer)),
                    sentence(group, answer));
        }
    }

    private String sentence(String group, JsonObject answer) {
        if (answer.get("answeredBy") instanceof JsonPrimitive member) {
            String digest = answer.get("digest") instanceof JsonPrimitive p ? " with " + p.getAsString() : "";
            return "In " + group + ", " + member.getAsString() + " answers for " + image + digest + ".";
        }
        return "In " + group + " nobody answers for " + image
                + (ask ? "." : ", as far as is known here. --ask has the upstreams asked.");
    }
}
