package io.entrepot.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code entrepot version}: what runs here, for a report. */
@Command(description = "Prints the version of this program and of its Java.")
final class VersionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println("entrepot " + Version.text());
        spec.commandLine()
                .getOut()
                .println("java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"));
    }
}
