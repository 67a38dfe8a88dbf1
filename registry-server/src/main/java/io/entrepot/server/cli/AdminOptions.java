package io.entrepot.server.cli;

import io.entrepot.server.FolderAdmin;
import io.entrepot.server.admin.AdminClient;
import io.entrepot.server.admin.RemoteAdmin;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.Sources;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that administers a server: which one, and how it says what it found. */
final class AdminOptions {
    @Mixin
    private FolderOptions folder = new FolderOptions();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description =
                    "a server elsewhere, such as https://registry.example:5000; without it, the one on the data folder")
    private @Nullable URI server;

    @Option(
            names = "--login",
            paramLabel = "USER",
            description = "who you are there; your password or API key comes from ENTREPOT_LOGIN_PASSWORD[_FILE]")
    private @Nullable String login;

    @Option(names = "--login-password-stdin", description = "or from the first line of standard input")
    private boolean loginFromInput;

    @Option(names = "--json", description = "answers as one JSON document")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    /** Where the API keys of somebody are: one's own are there for everybody. */
    String keysOf(String owner) {
        return owner.equals(login) ? "/me/keys" : "/users/" + Administrator.encoded(owner) + "/keys";
    }

    /** @throws CommandException if there is no server to be reached, or this user may not */
    Administrator open(Surroundings surroundings) {
        return new Administrator(
                client(surroundings),
                command.commandLine().getOut(),
                command.commandLine().getErr(),
                json);
    }

    private AdminClient client(Surroundings surroundings) {
        if (server == null) {
            return onFolder(folder.sources(surroundings.environment()));
        }
        String scheme = String.valueOf(server.getScheme());
        if (!(scheme.equals("http") || scheme.equals("https")) || server.getHost() == null) {
            throw new CommandException(
                    ExitCode.USAGE, "--server must be a URL, such as https://registry.example:5000.");
        }
        if (login == null) {
            throw new CommandException(ExitCode.USAGE, "--server needs --login USER: who are you there?");
        }
        String secret = Passwords.read(surroundings, loginFromInput, "ENTREPOT_LOGIN_PASSWORD")
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE,
                        "--login needs a password or an API key: set ENTREPOT_LOGIN_PASSWORD or"
                                + " ENTREPOT_LOGIN_PASSWORD_FILE, or say --login-password-stdin."));
        return RemoteAdmin.of(server, login, secret);
    }

    private static AdminClient onFolder(Sources sources) {
        Configuration configuration = Configuration.read(sources);
        try {
            return FolderAdmin.open(configuration);
        } catch (NoSuchFileException e) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "There is no data folder " + e.getFile()
                            + ": start a server first (entrepot serve), or say which folder with --data.");
        } catch (AccessDeniedException e) {
            throw new CommandException(
                    ExitCode.DENIED,
                    "The data folder is another user's (" + e.getFile()
                            + "): run this as the user of the server, or use --server and --login.");
        } catch (IOException e) {
            throw new CommandException(ExitCode.UNREACHABLE, Sentences.of(e.getMessage()));
        }
    }
}
