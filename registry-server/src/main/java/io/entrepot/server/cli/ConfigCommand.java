package io.entrepot.server.cli;

import io.entrepot.server.config.Answer;
import io.entrepot.server.config.Configuration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code entrepot config}: what the settings come to, without starting anything. */
@Command(description = "Shows or checks the settings.", synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand implements Runnable {
    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    ConfigCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: entrepot config show, or validate.");
    }

    @Command(description = "Prints the settings that somebody has given, each with where it was given.")
    void show(
            @Mixin SettingOptions options,
            @Option(names = "--effective", description = "also those that hold by default") boolean effective) {
        List<Answer> answers =
                Configuration.explain(options.sources(environment)).answers();
        spec.commandLine()
                .getOut()
                .print(Answer.asYaml(answers.stream()
                        .filter(a -> effective || !a.origin().equals(Answer.DEFAULT))
                        .toList()));
        spec.commandLine().getOut().flush();
    }

    @Command(description = "Checks the settings; says what is wrong, or nothing.")
    void validate(@Mixin SettingOptions options) {
        Configuration.read(options.sources(environment));
    }
}
