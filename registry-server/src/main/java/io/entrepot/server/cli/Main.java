package io.entrepot.server.cli;

import io.entrepot.server.StartException;
import io.entrepot.server.config.ConfigurationException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** The program: {@code entrepot serve} and its sisters. */
@Command(
        name = "entrepot",
        description = "A container registry in one process.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage or settings", "5:taken by somebody else", "130:interrupted"
        })
public final class Main implements Runnable {
    private final CommandLine commandLine;

    private Main(Map<String, String> environment) {
        commandLine = new CommandLine(this)
                .addSubcommand("serve", new ServeCommand(environment))
                .addSubcommand("config", new ConfigCommand(environment))
                .addSubcommand("rehearse", new RehearseCommand())
                .addSubcommand("version", new VersionCommand())
                .addSubcommand("help", new HelpCommand())
                .setExecutionExceptionHandler(Main::refused);
    }

    public static void main(String[] arguments) {
        System.exit(new Main(System.getenv()).commandLine.execute(arguments));
    }

    static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
        return new Main(environment).commandLine.setOut(out).setErr(err).execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(commandLine, "Say what to do: entrepot serve starts the registry.");
    }

    /** What a person can mend is told in a sentence; everything else is a fault of ours and shows where it happened. */
    private static int refused(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        PrintWriter err = command.getErr();
        if (e instanceof ConfigurationException mistakes) {
            mistakes.problems().forEach(err::println);
            return ExitCode.USAGE;
        }
        if (e instanceof StartException refusal) {
            Optional<Integer> port = refusal.takenPort();
            String owner =
                    port.flatMap(PortOwner::of).map(o -> " (it is " + o + ")").orElse("");
            err.println(sentence(refusal.getMessage()) + owner + ".");
            return port.isPresent() ? ExitCode.CONFLICT : ExitCode.FAILED;
        }
        throw e;
    }

    private static String sentence(@Nullable String message) {
        String text = String.valueOf(message);
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
