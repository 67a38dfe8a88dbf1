package io.entrepot.server.config;

/** {@code logging}: how the server speaks of itself. It holds for the command line, not for an embedded server. */
public record LoggingSettings(Format format, Level level) {
    /** {@code auto} is text on a terminal and JSON elsewhere. */
    public enum Format {
        AUTO,
        TEXT,
        JSON
    }

    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    static LoggingSettings read(Section logging) {
        return new LoggingSettings(
                logging.value("format", Kind.oneOf(Format.class), "auto"),
                logging.value("level", Kind.oneOf(Level.class), "info"));
    }
}
