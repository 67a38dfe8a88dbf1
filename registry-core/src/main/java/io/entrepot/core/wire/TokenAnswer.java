package io.entrepot.core.wire;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a token endpoint gives. It prints none of its secrets.
 *
 * @param scopes what was granted, which may be less than was asked for, or nothing
 */
public record TokenAnswer(
        String token, Duration expiresIn, Instant issuedAt, List<Scope> scopes, Optional<String> refreshToken) {
    /** What clients assume if nothing is said. */
    public static final Duration DEFAULT_EXPIRY = Duration.ofSeconds(60);

    private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

    public TokenAnswer {
        scopes = List.copyOf(scopes);
        issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** The body, for GET and POST alike: each kind of client finds its own name for the token. */
    public byte[] json() {
        return Json.bytes(json -> {
            json.beginObject();
            json.name("token").value(token);
            json.name("access_token").value(token);
            json.name("expires_in").value(expiresIn.toSeconds());
            json.name("issued_at").value(issuedAt.toString());
            json.name("scope").value(scopes.stream().map(Scope::toString).collect(Collectors.joining(" ")));
            if (refreshToken.isPresent()) {
                json.name("refresh_token").value(refreshToken.get());
            }
            json.endObject();
        });
    }

    /**
     * Reads the answer of any token endpoint; empty if there is no token in it.
     *
     * @param now stands for the moment of issue if that is not said
     */
    public static Optional<TokenAnswer> read(byte[] body, Instant now) {
        return Json.objectOf(body)
                .flatMap(json -> text(json, "token")
                        .or(() -> text(json, "access_token"))
                        .map(token -> new TokenAnswer(
                                token,
                                expiry(json),
                                issued(json, now),
                                Scope.parse(Json.string(json, "scope").stream().toList()),
                                text(json, "refresh_token"))));
    }

    private static Optional<String> text(JsonObject json, String name) {
        return Json.string(json, name).filter(value -> !value.isEmpty());
    }

    private static Duration expiry(JsonObject json) {
        if (json.get("expires_in") instanceof JsonPrimitive p && p.isNumber()) {
            double seconds = p.getAsDouble();
            if (seconds >= 1) {
                return Duration.ofSeconds(Math.min((long) seconds, MOST_SECONDS));
            }
        }
        return DEFAULT_EXPIRY;
    }

    private static Instant issued(JsonObject json, Instant now) {
        Optional<String> text = Json.string(json, "issued_at");
        if (text.isPresent()) {
            try {
                return OffsetDateTime.parse(text.get()).toInstant();
            } catch (DateTimeParseException e) {
                // Some registries write it in their own way: it is only needed to know when the token ends.
                return now;
            }
        }
        return now;
    }

    @Override
    public String toString() {
        return "token for " + scopes + ", good for " + expiresIn + " from " + issuedAt;
    }
}
