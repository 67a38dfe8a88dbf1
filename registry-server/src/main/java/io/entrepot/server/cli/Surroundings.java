package io.entrepot.server.cli;

import java.io.InputStream;
import java.util.Map;

/** What a command finds around it besides its arguments. */
record Surroundings(Map<String, String> environment, InputStream in) {
    Surroundings {
        environment = Map.copyOf(environment);
    }

    String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
