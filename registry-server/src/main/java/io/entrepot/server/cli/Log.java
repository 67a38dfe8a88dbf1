package io.entrepot.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.entrepot.server.config.LoggingSettings;
import java.time.ZoneId;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log of the command line: standard error, so that standard output stays free for answers; text for people,
 * JSON for programs. It is set up in code, since a file in this jar would set up the log of whoever embeds the server.
 */
final class Log {
    private Log() {}

    static void configure(LoggingSettings settings, Terminal terminal) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        boolean text = switch (settings.format()) {
            case TEXT -> true;
            case JSON -> false;
            case AUTO -> terminal.present();
        };
        Encoder<ILoggingEvent> encoder = text ? text(context, terminal) : json();
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("io.entrepot").setLevel(Level.valueOf(settings.level().name()));
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context, Terminal terminal) {
        LogText layout = new LogText(terminal.colours(), ZoneId.systemDefault());
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setLayout(layout);
        return encoder;
    }

    static Encoder<ILoggingEvent> json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.setWithMarkers(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        return encoder;
    }
}
