package io.entrepot.server.cli;

import io.entrepot.server.RegistryServer;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.Sources;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code entrepot serve}: runs until it is told to stop. */
@Command(
        description = {
            "Starts the registry and runs until it gets SIGTERM or SIGINT; a second one ends it at once.",
            "A first start makes the user admin, with the password in ENTREPOT_ADMIN_PASSWORD or one that it tells."
        },
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Mixin
    private SettingOptions options = new SettingOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    ServeCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Signals signals = new Signals();
        signals.handle();
        Sources sources = options.sources(environment);
        Configuration configuration = Configuration.read(sources);
        Terminal terminal = Terminal.of(environment);
        Log.configure(configuration.logging(), terminal);
        Logger log = LoggerFactory.getLogger(RegistryServer.class);
        int signal;
        try (RegistryServer server = RegistryServer.start(configuration)) {
            Announcement announcement = new Announcement(server, configuration, sources.file());
            if (terminal.present()) {
                spec.commandLine().getOut().print(announcement.banner());
                spec.commandLine().getOut().flush();
                server.forgetInitialPassword();
            } else {
                announcement.log(log);
            }
            signal = signals.await();
            log.info("stopping; a second signal ends at once");
        }
        log.info("stopped");
        return signal == Signals.INT ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
}
