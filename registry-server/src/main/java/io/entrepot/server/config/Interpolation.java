package io.entrepot.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts in what a value refers to: <code>${env:NAME}</code> and <code>${file:path}</code> (without its last line break). A
 * <code>$${</code> stands for <code>${</code> itself.
 */
final class Interpolation {
    private static final Pattern REFERENCE = Pattern.compile("\\$?\\$\\{([^}]*)}?");

    private final Map<String, String> environment;

    Interpolation(Map<String, String> environment) {
        this.environment = environment;
    }

    String expand(String text, String origin) {
        if (text.indexOf("${") < 0) {
            return text;
        }
        Matcher m = REFERENCE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (m.find()) {
            String all = m.group();
            String value = all.startsWith("$$") ? all.substring(1) : look(all, m.group(1), origin);
            m.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return m.appendTail(out).toString();
    }

    private String look(String all, String name, String origin) {
        if (all.endsWith("}") && name.startsWith("env:")) {
            String variable = name.substring(4);
            String value = environment.get(variable);
            if (value == null) {
                throw new ConfigurationException(origin + ": the environment variable " + variable
                        + ", which this value refers to, is not set.");
            }
            return value;
        }
        if (all.endsWith("}") && name.startsWith("file:")) {
            return contents(Path.of(name.substring(5)), origin);
        }
        throw new ConfigurationException(origin + ": " + all
                + " refers to nothing: it must be ${env:NAME} or ${file:path}, or $${ for a plain ${.");
    }

    /** What a file that holds one value says. */
    static String contents(Path file, String origin) {
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw new ConfigurationException(
                    origin + ": the file " + file + ", which this value refers to, cannot be read.");
        }
    }
}
