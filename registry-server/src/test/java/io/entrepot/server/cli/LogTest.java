package io.entrepot.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** What a client sent stays within its line, however it was meant. */
class LogTest {
    private static final String HOSTILE = "x\r\n2026 ERROR forged \u001b[2J\u2028\u2029\u202e\u0085end";

    @Test
    void a_line_of_text_stays_one_line_without_escape_sequences() {
        String line = new LogText(false, ZoneOffset.UTC).doLayout(event());

        assertThat(line)
                .endsWith("\n")
                .startsWith("1970-01-01 00:00:01.500 WARN  Http  agent x\\u000d\\u000a2026 ERROR forged \\u001b[2J")
                .contains("user=x\\u000d");
        assertThat(line.substring(0, line.length() - 1).chars())
                .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0x202e);
    }

    @Test
    void a_stack_trace_stands_below_and_is_indented() {
        LoggingEvent event = event();
        event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException(HOSTILE)));

        assertThat(new LogText(false, ZoneOffset.UTC).doLayout(event).lines().skip(1))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("    "));
    }

    @Test
    void colours_are_for_those_who_want_them() {
        assertThat(new LogText(true, ZoneOffset.UTC).doLayout(event())).contains("\u001b[33mWARN \u001b[0m");
    }

    @Test
    void a_line_of_json_is_one_object_that_holds_what_was_said() {
        String line = new String(Log.json().encode(event()), StandardCharsets.UTF_8);

        assertThat(line).endsWith("\n");
        assertThat(line.substring(0, line.length() - 1)).doesNotContain("\n", "\r", "\u001b");
        JsonObject json = JsonParser.parseString(line).getAsJsonObject();
        assertThat(json.get("formattedMessage").getAsString()).isEqualTo("agent " + HOSTILE);
        assertThat(json.has("message")).isFalse();
    }

    private static LoggingEvent event() {
        LoggerContext context = new LoggerContext();
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.entrepot.server.http.Http"), Level.WARN, "agent {}", null, new Object[] {
                    HOSTILE
                });
        event.setTimeStamp(1500);
        event.setKeyValuePairs(List.of(new KeyValuePair("user", HOSTILE)));
        return event;
    }
}
