package io.entrepot.server.cli;

import java.io.Console;
import java.util.Map;

/** Whether a person watches, and whether colours please him. */
record Terminal(boolean present, boolean colours) {

    /** Before JDK 22 a console means that both ends are a terminal; since then it must be asked. */
    static Terminal of(Map<String, String> environment) {
        boolean present = interactive();
        boolean colours = present
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
        return new Terminal(present, colours);
    }

    @SuppressWarnings("SystemConsoleNull") // it is null on the older ones
    private static boolean interactive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            // An older JDK, on which there is no console without a terminal.
            return true;
        }
    }
}
