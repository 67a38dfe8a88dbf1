package io.entrepot.server.cli;

import static io.entrepot.server.cli.Administrator.encoded;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code entrepot clients}: what clients have to be told to use a registry, ready to be copied. */
@Command(description = "Says how clients of each kind use a registry, with its real address.", sortOptions = false)
final class ClientsCommand implements Runnable {
    private final Surroundings surroundings;

    @Option(names = "--registry", paramLabel = "REGISTRY", description = "the main registry if it is not given")
    private @Nullable String registry;

    @Option(
            names = "--for",
            paramLabel = "CLIENT",
            description = "docker, containerd, podman, k3s, kubespray, helm or nginx; all if it is not given")
    private @Nullable String client;

    @Mixin
    private AdminOptions options = new AdminOptions();

    ClientsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        try (Administrator admin = options.open(surroundings)) {
            String name = MainRegistry.unless(registry, admin);
            JsonObject answer = admin.get(
                    "/registries/" + encoded(name) + "/clients" + (client == null ? "" : "?for=" + encoded(client)));
            List<String> texts = new ArrayList<>();
            for (JsonElement item : Administrator.items(answer)) {
                if (item instanceof JsonObject object && object.get("text") instanceof JsonPrimitive text) {
                    texts.add(text.getAsString());
                }
            }
            admin.print(answer, String.join("\n", texts));
        }
    }
}
