package io.entrepot.server.cli;

import static io.entrepot.server.cli.Administrator.encoded;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code entrepot token}: API keys, which programs show in place of a password. */
@Command(
        description = "API keys: what programs log in with in place of a password.",
        synopsisSubcommandLabel = "COMMAND")
final class TokenCommand implements Runnable {
    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    TokenCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: entrepot token list, or add.");
    }

    @Command(
            description = "Makes an API key and prints it, once. It is used as the password of its owner.",
            sortOptions = false)
    void add(
            @Parameters(paramLabel = "USER", description = "whose; a user, a robot or ldap/alice") String owner,
            @Mixin KeyOptions key,
            @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            key.make(admin, owner, options.keysOf(owner));
        }
    }

    @Command(description = "Lists the API keys of a user. What they are, nobody can read any more.")
    void list(@Parameters(paramLabel = "USER") String owner, @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(
                    admin.get(options.keysOf(owner)),
                    new Table("id", "label", "created", "expires", "lastUsed", "only"),
                    owner + " has no API keys.");
        }
    }

    @Command(description = "Ends an API key, within seconds.")
    void revoke(
            @Parameters(paramLabel = "USER") String owner,
            @Parameters(paramLabel = "ID", description = "as entrepot token list shows it") String id,
            @Mixin Confirmation confirmation,
            @Mixin AdminOptions options) {
        confirmation.require(surroundings, "API key " + id + " of " + owner + " is no longer good after this.");
        try (Administrator admin = options.open(surroundings)) {
            JsonObject answer = admin.delete(options.keysOf(owner) + "/" + encoded(id));
            admin.done(answer, "API key " + id + " of " + owner + " is revoked.");
        }
    }

    /** What an API key is made of. */
    static final class KeyOptions {
        @Option(names = "--label", paramLabel = "TEXT", description = "what it is for", defaultValue = "")
        private String label = "";

        @Option(
                names = "--expires",
                paramLabel = "WHEN",
                converter = Expiry.class,
                description = "12h, 90d, 1y, or a day; never if it is not given")
        private @Nullable Instant expires;

        @Option(
                names = "--only",
                paramLabel = "PRIVILEGE",
                description = "good for nothing else, such as read:private:team/**; may be given several times")
        private @Nullable List<String> only;

        /** @param path of the owner's keys */
        void make(Administrator admin, String owner, String path) {
            JsonObject body = new JsonObject();
            body.addProperty("label", label);
            Expiry.addTo(body, expires);
            if (only != null) {
                body.add("only", UserCommand.array(only));
            }
            JsonObject made = admin.send("POST", path, body);
            admin.printSecret(
                    made,
                    "secret",
                    "That is an API key of " + owner + ", good "
                            + (expires == null ? "until it is revoked" : "until " + expires)
                            + ": it is not shown again. docker login -u '" + owner + "' takes it as the password.");
        }
    }
}
