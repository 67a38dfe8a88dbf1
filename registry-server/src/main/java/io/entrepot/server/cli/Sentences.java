package io.entrepot.server.cli;

import org.jspecify.annotations.Nullable;

/** What went wrong, as a person reads it. */
final class Sentences {
    private Sentences() {}

    /** With a capital and a full stop; on one line, whoever wrote it. */
    static String of(@Nullable String message) {
        String text = String.valueOf(message).replaceAll("\\p{Cntrl}", "?");
        if (text.isEmpty()) {
            return "Something went wrong.";
        }
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.matches(".*[.!?]") ? "" : ".");
    }
}
