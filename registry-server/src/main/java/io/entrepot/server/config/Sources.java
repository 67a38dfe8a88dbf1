package io.entrepot.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from. A flag counts more than the environment, that more than the file, and that more than what
 * holds by default. Among flags the later one counts.
 *
 * @param usual whether there are the usual registries if nobody defines any; otherwise there is one that is pushed to
 */
public record Sources(List<Flag> flags, Map<String, String> environment, Optional<Path> file, boolean usual) {

    /**
     * One setting given by the program or its command line.
     *
     * @param key the setting's whole path: {@code server.port}
     * @param origin what a message calls it: {@code --port}
     */
    public record Flag(String key, String value, String origin) {}

    public static final Sources NONE = new Sources(List.of(), Map.of(), Optional.empty(), false);

    public Sources {
        flags = List.copyOf(flags);
        environment = Map.copyOf(environment);
    }

    public Sources(List<Flag> flags, Map<String, String> environment, Optional<Path> file) {
        this(flags, environment, file, false);
    }

    public Sources with(String key, String value, String origin) {
        List<Flag> more = new ArrayList<>(flags);
        more.add(new Flag(key, value, origin));
        return new Sources(more, environment, file, usual);
    }

    public Sources withFile(Path newFile) {
        return new Sources(flags, environment, Optional.of(newFile), usual);
    }

    /** The same, with the usual registries where nobody has defined any: see {@link UsualRegistries}. */
    public Sources withUsual() {
        return new Sources(flags, environment, file, true);
    }
}
