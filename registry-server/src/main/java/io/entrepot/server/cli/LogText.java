package io.entrepot.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/** The log as lines for people: time, level, who, what. What a client sent cannot break out of its line. */
final class LogText extends LayoutBase<ILoggingEvent> {
    private static final String RESET = "\u001b[0m";
    private final DateTimeFormatter time;
    private final boolean colours;

    LogText(boolean colours, ZoneId zone) {
        this.colours = colours;
        this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                .withZone(zone);
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        Instant at = Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS);
        line.append(time.format(at)).append(' ');
        String colour = colours ? colour(event.getLevel()) : "";
        line.append(colour).append(String.format("%-5s", event.getLevel())).append(colour.isEmpty() ? "" : RESET);
        String logger = event.getLoggerName();
        line.append(' ').append(logger.substring(logger.lastIndexOf('.') + 1)).append("  ");
        escape(event.getFormattedMessage(), line);
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(' ').append(pair.key).append('=');
                escape(String.valueOf(pair.value), line);
            }
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            for (String part :
                    ThrowableProxyUtil.asString(event.getThrowableProxy()).split("\\R")) {
                line.append("    ");
                escape(part.replace("\t", "  "), line);
                line.append('\n');
            }
        }
        return line.toString();
    }

    private static String colour(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> "\u001b[31m";
            case Level.WARN_INT -> "\u001b[33m";
            default -> "";
        };
    }

    /** Control characters, among them line breaks and escape sequences, are shown as what they are. */
    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)
                    || c == '\u2028'
                    || c == '\u2029'
                    || Character.getType(c) == Character.FORMAT) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
    }
}
