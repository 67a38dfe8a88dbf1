package io.entrepot.server.cli;

import io.entrepot.server.config.ConfigurationException;
import io.entrepot.server.config.Sources;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a command that starts or shows a server is told its settings. */
final class SettingOptions {
    @Mixin
    private FolderOptions folder = new FolderOptions();

    @Option(names = "--port", paramLabel = "PORT", description = "of the main connector (server.port)")
    private @Nullable String port;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "where to listen, several by commas (server.bind)")
    private @Nullable String bind;

    /** @throws ConfigurationException if a {@code --set} has no value */
    Sources sources(Map<String, String> environment) {
        Sources sources = flag(folder.sources(environment), "server.port", port, "--port");
        return flag(sources, "server.bind", bind, "--bind");
    }

    private static Sources flag(Sources sources, String key, @Nullable String value, String origin) {
        return value == null ? sources : sources.with(key, value, origin);
    }
}
