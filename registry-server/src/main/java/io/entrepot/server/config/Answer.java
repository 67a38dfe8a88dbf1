package io.entrepot.server.config;

import java.util.List;

/** One setting as it holds: its path, its value as YAML, and where it was given. */
public record Answer(List<String> path, String text, String origin) {
    /** The origin of what nobody has set. */
    public static final String DEFAULT = "default";

    public Answer {
        path = List.copyOf(path);
    }

    /**
     * All of them as a configuration file, each line with its origin behind it. Answers under one key stand together.
     */
    public static String asYaml(List<Answer> answers) {
        StringBuilder out = new StringBuilder();
        List<String> open = List.of();
        for (Answer answer : answers) {
            List<String> parents = answer.path.subList(0, answer.path.size() - 1);
            int common = 0;
            while (common < Math.min(open.size(), parents.size())
                    && open.get(common).equals(parents.get(common))) {
                common++;
            }
            for (int i = common; i < parents.size(); i++) {
                out.append("  ".repeat(i)).append(parents.get(i)).append(":\n");
            }
            String line = "  ".repeat(parents.size()) + answer.path.get(parents.size()) + ": " + answer.text;
            out.append(line)
                    .append(" ".repeat(Math.max(2, 44 - line.length())))
                    .append("# ")
                    .append(answer.origin)
                    .append('\n');
            open = parents;
        }
        return out.toString();
    }

    /** One value as it can stand in YAML, in a list too: what would be read as something else stands in quotes. */
    static String yaml(String text) {
        boolean plain = text.matches("[A-Za-z0-9./][A-Za-z0-9./_+ -]*(?<! )");
        return plain ? text : "'" + text.replace("'", "''") + "'";
    }
}
