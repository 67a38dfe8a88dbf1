package io.entrepot.server.cli;

import com.google.gson.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An instant that is given as such, as a day, or as how far off it is. */
final class Expiry implements ITypeConverter<Instant> {
    private static final Pattern AHEAD = Pattern.compile("([1-9]\\d{0,4})([hdwy])");
    private static final int DAYS_OF_YEAR = 365;

    @Override
    public Instant convert(String text) {
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
        Matcher ahead = AHEAD.matcher(text);
        if (ahead.matches()) {
            long n = Long.parseLong(ahead.group(1));
            return now.plus(
                    switch (ahead.group(2)) {
                        case "h" -> Duration.ofHours(n);
                        case "d" -> Duration.ofDays(n);
                        case "w" -> Duration.ofDays(7 * n);
                        default -> Duration.ofDays(DAYS_OF_YEAR * n);
                    });
        }
        try {
            return Instant.parse(text.length() == 10 ? text + "T00:00:00Z" : text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException(
                    "it must be how far off it is, such as 12h, 90d or 1y, or a day such as 2030-01-31");
        }
    }

    static void addTo(JsonObject body, @Nullable Instant expires) {
        if (expires != null) {
            body.addProperty("expires", expires.toString());
        }
    }
}
