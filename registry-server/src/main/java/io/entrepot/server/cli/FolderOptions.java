package io.entrepot.server.cli;

import io.entrepot.server.config.ConfigurationException;
import io.entrepot.server.config.Sources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which any command is told where the settings and the data are. */
final class FolderOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "the configuration file (also ENTREPOT_CONFIG)")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "FOLDER", description = "everything durable (server.data)")
    private @Nullable String data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "any setting: --set registries.private.sparseManifests=true")
    private List<String> set = new ArrayList<>();

    /** @throws ConfigurationException if a {@code --set} has no value */
    Sources sources(Map<String, String> environment) {
        Sources sources = new Sources(List.of(), environment, java.util.Optional.empty(), true);
        String named = environment.getOrDefault("ENTREPOT_CONFIG", "");
        if (config != null) {
            sources = sources.withFile(config);
        } else if (!named.isEmpty()) {
            sources = sources.withFile(Path.of(named));
        }
        for (String assignment : set) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new ConfigurationException(
                        "--set " + assignment + ": it must be KEY=VALUE, such as server.port=5001.");
            }
            String key = assignment.substring(0, equals);
            sources = sources.with(key, assignment.substring(equals + 1), "--set " + key);
        }
        return data == null ? sources : sources.with("server.data", data, "--data");
    }
}
