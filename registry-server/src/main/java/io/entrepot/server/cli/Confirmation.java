package io.entrepot.server.cli;

import java.io.Console;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of what cannot be taken back. */
final class Confirmation {
    @Option(
            names = {"-y", "--yes"},
            description = "does not ask whether you are sure")
    private boolean yes;

    /** @throws CommandException unless whoever sits there wants it, or the command said so */
    void require(Surroundings surroundings, String question) {
        if (yes) {
            return;
        }
        if (!Terminal.of(surroundings.environment()).present()) {
            throw new CommandException(ExitCode.USAGE, question + " Say --yes if you are sure.");
        }
        String answer = asked(System.console(), question + " [y/N] ");
        if (!answer.toLowerCase(Locale.ROOT).matches("y|yes")) {
            throw new CommandException(ExitCode.FAILED, "Nothing was changed.");
        }
    }

    private static String asked(@Nullable Console console, String question) {
        String line = console == null ? null : console.readLine("%s", question);
        return line == null ? "" : line.strip();
    }
}
