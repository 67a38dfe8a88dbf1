package io.entrepot.server.cli;

import io.entrepot.server.config.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where passwords come from: standard input or the environment. Never the arguments, which every user of a machine sees. */
final class Passwords {
    private static final int MAX_BYTES = 4096;

    private Passwords() {}

    /**
     * @param fromInput whether the next line of standard input is it
     * @param variable holds it otherwise, or with {@code _FILE} behind it names the file that does
     */
    static Optional<String> read(Surroundings surroundings, boolean fromInput, String variable) {
        if (fromInput) {
            return Optional.of(line(surroundings.in()));
        }
        String given = surroundings.variable(variable);
        String file = surroundings.variable(variable + "_FILE");
        if (!given.isEmpty()) {
            return Optional.of(given);
        }
        return file.isEmpty() ? Optional.empty() : Optional.of(contents(Path.of(file), variable + "_FILE"));
    }

    /** Byte by byte: what follows the line is for whoever reads next. */
    private static String line(InputStream in) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0 && b != '\n' && line.size() <= MAX_BYTES; b = in.read()) {
                line.write(b);
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "Standard input cannot be read: " + e + ".");
        }
        return checked(line.toString(StandardCharsets.UTF_8), "Standard input");
    }

    private static String contents(Path file, String variable) {
        try {
            return checked(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new ConfigurationException(variable + " names " + file + ", which cannot be read: " + e + ".");
        }
    }

    private static String checked(String text, String where) {
        String password = text.replaceFirst("\\R$", "").replaceFirst("\r$", "");
        if (password.isEmpty() || password.length() > MAX_BYTES) {
            throw new CommandException(
                    ExitCode.USAGE, where + " must hold a password of 1 to " + MAX_BYTES + " bytes.");
        }
        return password;
    }
}
