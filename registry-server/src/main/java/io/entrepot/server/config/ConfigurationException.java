package io.entrepot.server.config;

import java.util.List;

/** The settings cannot be used. Each problem is one sentence that says where, what, and what would be right. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<String> problems;

    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    public ConfigurationException(String problem) {
        this(List.of(problem));
    }

    public List<String> problems() {
        return problems;
    }
}
