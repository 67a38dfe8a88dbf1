package io.entrepot.server.cli;

import io.entrepot.server.config.ConfigurationException;
import io.entrepot.server.config.Sources;
import java.util.HashMap;
import java.util.List;
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
        Sources sources = flag(folder.sources(withAdministrator(environment)), "server.port", port, "--port");
        return flag(sources, "server.bind", bind, "--bind");
    }

    /** The one setting with a shorter name in the environment, since everybody has to know it. */
    private static Map<String, String> withAdministrator(Map<String, String> environment) {
        Map<String, String> longer = new HashMap<>(environment);
        for (String end : List.of("", "_FILE")) {
            String value = environment.getOrDefault("ENTREPOT_ADMIN_PASSWORD" + end, "");
            if (!value.isEmpty()) {
                longer.putIfAbsent("ENTREPOT_ACCESS_ADMIN_PASSWORD" + end, value);
            }
        }
        return longer;
    }

    private static Sources flag(Sources sources, String key, @Nullable String value, String origin) {
        return value == null ? sources : sources.with(key, value, origin);
    }
}
