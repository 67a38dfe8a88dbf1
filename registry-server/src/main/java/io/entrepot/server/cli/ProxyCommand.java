package io.entrepot.server.cli;

import static io.entrepot.server.cli.Administrator.encoded;

import com.google.gson.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code entrepot proxy}: how proxies of a running server are, and what can be done about it. */
@Command(
        description = "Proxies of a running server: how their upstreams are, and what their caches keep.",
        synopsisSubcommandLabel = "COMMAND")
final class ProxyCommand implements Runnable {
    private static final String IMAGE = "with its tag or digest: library/nginx:1.27, library/nginx@sha256:...";

    private final Surroundings surroundings;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    ProxyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: entrepot proxy state REGISTRY.");
    }

    @Command(
            description = {
                "Shows how the upstream of a proxy is, what is left of its pulls, how full the cache is, and what is",
                "being fetched. A source that is failing, cooling or refused is not asked until the instant shown."
            })
    void state(@Parameters(paramLabel = "REGISTRY") String name, @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            ProxyReport.print(admin, admin.get(path(name) + "/upstream"));
        }
    }

    @Command(
            description = {
                "Has the upstream asked anew about a repository, or about everything: for a tag that was just moved",
                "there. What is held stays, and is served if the upstream cannot be asked."
            })
    void invalidate(
            @Parameters(paramLabel = "REGISTRY") String name,
            @Parameters(paramLabel = "REPOSITORY", arity = "0..1", defaultValue = "") String repository,
            @Mixin AdminOptions options) {
        JsonObject body = new JsonObject();
        if (!repository.isEmpty()) {
            body.addProperty("repository", repository);
        }
        String what = repository.isEmpty() ? "everything" : repository;
        change(name, "invalidate", body, options, name + " asks its upstream anew about " + what + ".");
    }

    @Command(description = "Gives up an image that is held: a tag alone, or a manifest by its digest.")
    void evict(
            @Parameters(paramLabel = "REGISTRY") String name,
            @Parameters(paramLabel = "IMAGE", description = IMAGE) String image,
            @Mixin Confirmation confirmation,
            @Mixin AdminOptions options) {
        JsonObject body = ImageArgument.parse(image).body();
        confirmation.require(surroundings, name + " gives up " + image + ", and has to fetch it again.");
        change(name, "evict", body, options, name + " holds " + image + " no more.");
    }

    @Command(description = "Keeps an image, whatever room others need: what it is now, or will be.")
    void pin(
            @Parameters(paramLabel = "REGISTRY") String name,
            @Parameters(paramLabel = "IMAGE", description = IMAGE) String image,
            @Mixin AdminOptions options) {
        change(name, "pins", ImageArgument.parse(image).body(), options, name + " keeps " + image + ".");
    }

    @Command(description = "Lets an image go again when room is needed.")
    void unpin(
            @Parameters(paramLabel = "REGISTRY") String name,
            @Parameters(paramLabel = "IMAGE", description = IMAGE) String image,
            @Mixin AdminOptions options) {
        change(name, "unpin", ImageArgument.parse(image).body(), options, image + " is pinned no more.");
    }

    @Command(description = "Lists what is pinned.")
    void pins(@Parameters(paramLabel = "REGISTRY") String name, @Mixin AdminOptions options) {
        try (Administrator admin = options.open(surroundings)) {
            admin.print(
                    admin.get(path(name) + "/pins"),
                    new Table("repository", "reference"),
                    "Nothing is pinned in " + name + ".");
        }
    }

    @Command(
            description = {
                "Has the upstream asked nothing from now on: what is held is served, all else is refused. It holds until",
                "the server stops; registries.REGISTRY.blocked in the settings holds for good."
            })
    void block(@Parameters(paramLabel = "REGISTRY") String name, @Mixin AdminOptions options) {
        change(name, "block", new JsonObject(), options, name + " asks its upstream nothing from now on.");
    }

    @Command(description = "Has the upstream asked again.")
    void unblock(@Parameters(paramLabel = "REGISTRY") String name, @Mixin AdminOptions options) {
        change(name, "unblock", new JsonObject(), options, name + " asks its upstream again.");
    }

    @Command(
            description = {
                "Forgets that the upstream failed, was asked too much or refused the credentials: it is asked again at",
                "once. For when it is known to be well, or has new credentials for us."
            })
    void reset(@Parameters(paramLabel = "REGISTRY") String name, @Mixin AdminOptions options) {
        change(name, "reset", new JsonObject(), options, name + " asks its upstream as if nothing had been.");
    }

    private void change(String name, String what, JsonObject body, AdminOptions options, String sentence) {
        try (Administrator admin = options.open(surroundings)) {
            admin.done(admin.send("POST", path(name) + "/" + what, body), sentence);
        }
    }

    private static String path(String name) {
        return "/registries/" + encoded(name);
    }
}
