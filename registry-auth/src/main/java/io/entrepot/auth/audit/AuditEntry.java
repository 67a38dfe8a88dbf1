package io.entrepot.auth.audit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Visit;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of the audit log. Its texts are harmless to print: what could move a cursor, end a line or turn the direction
 * of writing is escaped, and long ones are cut.
 *
 * @param principal as {@code realm/name}; what a stranger called himself has no realm
 * @param more how many others like this there were within ten seconds, that have no lines of their own
 */
public record AuditEntry(
        Instant at,
        String action,
        String principal,
        Optional<String> credential,
        Optional<String> from,
        Optional<String> service,
        Optional<String> request,
        String target,
        Audit.Outcome outcome,
        String reason,
        long more) {
    private static final int MAX = 256;
    private static final int MAX_REASON = 1024;

    static AuditEntry of(Instant at, Audit.Event event) {
        Optional<Visit> visit = event.visit();
        return new AuditEntry(
                at,
                Plain.text(event.action(), MAX),
                Plain.text(event.principal().id(), MAX),
                event.credential().map(text -> Plain.text(text, MAX)),
                visit.map(v -> Plain.text(v.from().getHostAddress(), MAX)),
                visit.map(v -> Plain.text(v.service(), MAX)),
                visit.map(v -> Plain.text(v.requestId(), MAX)),
                Plain.text(event.target(), MAX),
                event.outcome(),
                Plain.text(event.reason(), MAX_REASON),
                0);
    }

    /** What the log has to say of itself. */
    static AuditEntry own(Instant at, Audit.Outcome outcome, String reason) {
        Optional<String> none = Optional.empty();
        return new AuditEntry(at, "audit.log", "internal", none, none, none, none, "", outcome, reason, 0);
    }

    /** Stands for others like this. */
    AuditEntry standingFor(Instant when, long others, boolean sameWho) {
        Optional<String> none = Optional.empty();
        return new AuditEntry(
                when,
                action,
                sameWho ? principal : "(several)",
                none,
                sameWho ? from : none,
                service,
                none,
                sameWho ? target : "",
                outcome,
                others + " more like this within 10 s",
                others);
    }

    /** Without a line end. */
    String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("at", at.toString());
        json.addProperty("action", action);
        json.addProperty("outcome", outcome.name().toLowerCase(Locale.ROOT));
        json.addProperty("principal", principal);
        credential.ifPresent(text -> json.addProperty("credential", text));
        from.ifPresent(text -> json.addProperty("from", text));
        service.ifPresent(text -> json.addProperty("service", text));
        request.ifPresent(text -> json.addProperty("request", text));
        json.addProperty("target", target);
        if (!reason.isEmpty()) {
            json.addProperty("reason", reason);
        }
        if (more > 0) {
            json.addProperty("more", more);
        }
        return json.toString();
    }

    /** Empty for a line that is none of ours, such as the half of one that a crash left. */
    static Optional<AuditEntry> parse(String line) {
        try {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            return Optional.of(new AuditEntry(
                    Instant.parse(json.get("at").getAsString()),
                    json.get("action").getAsString(),
                    json.get("principal").getAsString(),
                    text(json, "credential"),
                    text(json, "from"),
                    text(json, "service"),
                    text(json, "request"),
                    text(json, "target").orElse(""),
                    Audit.Outcome.valueOf(json.get("outcome").getAsString().toUpperCase(Locale.ROOT)),
                    text(json, "reason").orElse(""),
                    text(json, "more").map(Long::parseLong).orElse(0L)));
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | DateTimeException
                | NullPointerException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonObject json, String name) {
        return Optional.ofNullable(json.get(name)).map(JsonElement::getAsString);
    }
}
