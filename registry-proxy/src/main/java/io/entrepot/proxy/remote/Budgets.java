package io.entrepot.proxy.remote;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;

/** Reads what an answer says of rate limits: {@code ratelimit-limit: 100;w=21600}, {@code Retry-After}. */
final class Budgets {
    static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Pattern LIMIT = Pattern.compile("\\s*(\\d{1,15})\\s*(?:;\\s*w=(\\d{1,9}).*)?");

    private Budgets() {}

    static RemoteWatch.Budget read(Headers headers, Instant now) {
        Matcher limit = LIMIT.matcher(text(headers, "ratelimit-limit"));
        Matcher remaining = LIMIT.matcher(text(headers, "ratelimit-remaining"));
        boolean limited = limit.matches();
        boolean remains = remaining.matches();
        return new RemoteWatch.Budget(
                limited ? OptionalLong.of(Long.parseLong(limit.group(1))) : OptionalLong.empty(),
                remains ? OptionalLong.of(Long.parseLong(remaining.group(1))) : OptionalLong.empty(),
                Optional.ofNullable(
                                limited && limit.group(2) != null
                                        ? limit.group(2)
                                        : remains ? remaining.group(2) : null)
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))),
                retryAfter(headers, now));
    }

    /** Seconds or a date; ten minutes at most, whatever it says. */
    static Optional<Duration> retryAfter(Headers headers, Instant now) {
        String text = text(headers, "Retry-After").strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(bounded(Duration.between(now, then)));
        } catch (DateTimeException e) {
            // Neither: nothing was said.
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static String text(Headers headers, String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }
}
