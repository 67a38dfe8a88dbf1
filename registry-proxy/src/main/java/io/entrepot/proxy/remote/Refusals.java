package io.entrepot.proxy.remote;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.WireError;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What another registry means by an answer that is not a success. */
final class Refusals {
    /** Of an error's body; what is longer is not read, and not a message for anybody. */
    private static final int MOST_BYTES = 64 << 10;

    private final InstantSource clock;

    Refusals(InstantSource clock) {
        this.clock = clock;
    }

    /** An answer that nobody can make sense of. */
    static RegistryException.Unavailable nonsense(String what) {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, "the remote registry cannot be understood: " + what, Optional.empty(), null);
    }

    /** Bytes that are not what they were said to be. */
    static RegistryException.Unavailable corrupt(String what) {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, "the remote registry sends corrupt content: " + what, Optional.empty(), null);
    }

    /** Statuses that may be another one a moment later. */
    static boolean inTrouble(int status) {
        return switch (status) {
            case 408, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    RegistryException of(Reply reply) {
        int status = reply.status();
        if (status < 400) {
            return nonsense("it answered with status " + status);
        }
        // Logged in as well as we can be, so that asking us to log in is a refusal.
        RegistryException said = WireError.read(status == 401 ? 403 : status, reply::header, body(reply));
        String message = said.problems().get(0).message();
        if (status == 429) {
            return new RegistryException.Unavailable(ErrorCode.TOOMANYREQUESTS, message, retryAfter(reply), null);
        } else if (inTrouble(status)) {
            return new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE,
                    message,
                    retryAfter(reply),
                    new IOException("the remote registry answered with status " + status));
        } else if (status >= 500 && status != 507) {
            return new RegistryException.Unavailable(ErrorCode.UNAVAILABLE, message, retryAfter(reply), null);
        }
        return said;
    }

    /** Whatever can be had of it: the status says enough. */
    private static byte[] body(Reply reply) {
        try {
            return reply.bytes(MOST_BYTES);
        } catch (RegistryException.Unavailable e) {
            return new byte[0];
        }
    }

    /** Seconds, or a date (RFC 9110, section 10.2.3). */
    private Optional<Duration> retryAfter(Reply reply) {
        String text = reply.header("Retry-After").strip();
        if (!text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), until);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
