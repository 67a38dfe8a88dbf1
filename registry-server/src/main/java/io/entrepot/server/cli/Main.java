package io.entrepot.server.cli;

import io.entrepot.server.StartException;
import io.entrepot.server.config.ConfigurationException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The program: {@code entrepot serve} and its sisters. */
@Command(
        name = "entrepot",
        description = "A container registry in one process.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage or settings",
            "3:there is no such thing",
            "4:not allowed",
            "5:taken by somebody else",
            "6:no server can be reached",
            "130:interrupted"
        })
public final class Main implements Runnable {
    private final CommandLine commandLine;

    private Main(Surroundings surroundings) {
        Map<String, String> environment = surroundings.environment();
        commandLine = new CommandLine(this)
                .addSubcommand("serve", new ServeCommand(environment))
                .addSubcommand("cert", new CertCommand(environment))
                .addSubcommand("config", new ConfigCommand(environment))
                .addSubcommand("user", new UserCommand(surroundings))
                .addSubcommand("role", new RoleCommand(surroundings))
                .addSubcommand("token", new TokenCommand(surroundings))
                .addSubcommand("robot", new RobotCommand(surroundings))
                .addSubcommand("registry", new RegistryCommand(surroundings))
                .addSubcommand("proxy", new ProxyCommand(surroundings))
                .addSubcommand("explain", new ExplainCommand(surroundings))
                .addSubcommand("clients", new ClientsCommand(surroundings))
                .addSubcommand("rehearse", new RehearseCommand())
                .addSubcommand("version", new VersionCommand())
                .addSubcommand("help", new HelpCommand())
                .setExecutionExceptionHandler(Main::refused);
        addHelp(commandLine);
    }

    /** To every command, so that it is asked for in one way everywhere; it counts more than whatever else is wrong. */
    private static void addHelp(CommandLine command) {
        if (!(command.getCommandSpec().userObject() instanceof HelpCommand)) {
            command.getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("prints this")
                            .build());
        }
        command.getSubcommands().values().forEach(Main::addHelp);
    }

    public static void main(String[] arguments) {
        System.exit(new Main(new Surroundings(System.getenv(), System.in)).commandLine.execute(arguments));
    }

    static int run(Surroundings surroundings, PrintWriter out, PrintWriter err, String... arguments) {
        return new Main(surroundings).commandLine.setOut(out).setErr(err).execute(arguments);
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
        if (e instanceof CommandException reason) {
            err.println(reason.getMessage());
            return reason.exitCode();
        }
        if (e instanceof StartException refusal) {
            Optional<Integer> port = refusal.takenPort();
            String owner =
                    port.flatMap(PortOwner::of).map(o -> " (it is " + o + ")").orElse("");
            String sentence = Sentences.of(refusal.getMessage());
            err.println(sentence.substring(0, sentence.length() - 1) + owner + ".");
            return port.isPresent() ? ExitCode.CONFLICT : ExitCode.FAILED;
        }
        throw e;
    }
}
