package io.entrepot.auth.token;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.entrepot.core.Principal;
import io.entrepot.core.wire.Scope;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Claims as the payload of a token: those of the distribution project's tokens, which other registries understand too, and
 * {@code realm}, {@code sv}, {@code groups} and {@code key} of our own. The anonymous caller is an empty subject.
 */
final class ClaimsJson {
    private ClaimsJson() {}

    static String write(Claims claims) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            boolean anonymous = claims.principal().equals(Principal.ANONYMOUS);
            json.beginObject();
            json.name("iss").value(claims.issuer());
            json.name("sub").value(anonymous ? "" : claims.principal().name());
            json.name("aud").value(claims.service());
            json.name("exp").value(claims.expires().getEpochSecond());
            json.name("nbf").value(claims.issued().getEpochSecond());
            json.name("iat").value(claims.issued().getEpochSecond());
            json.name("jti").value(claims.id());
            json.name("access").beginArray();
            for (Scope scope : claims.access()) {
                json.beginObject();
                json.name("type").value(scope.type());
                json.name("name").value(scope.name());
                strings(json.name("actions"), scope.actions());
                json.endObject();
            }
            json.endArray();
            json.name("realm").value(claims.principal().realm());
            json.name("sv").value(claims.securityVersion());
            if (!claims.groups().isEmpty()) {
                strings(json.name("groups"), claims.groups());
            }
            if (claims.key().isPresent()) {
                json.name("key").value(claims.key().get());
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    /** At most so many bytes are in a token for it. */
    static int sizeOf(Scope scope) {
        return "{type:,name:,actions:[]}".length()
                + 8
                + sizeOf(scope.type())
                + sizeOf(scope.name())
                + scope.actions().stream().mapToInt(ClaimsJson::sizeOf).sum();
    }

    static int sizeOf(String text) {
        int escaped = (int) text.chars()
                .filter(c -> c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029')
                .count();
        return "\"\",".length() + text.getBytes(StandardCharsets.UTF_8).length + 5 * escaped;
    }

    private static void strings(JsonWriter json, Collection<String> values) throws IOException {
        json.beginArray();
        for (String value : values) {
            json.value(value);
        }
        json.endArray();
    }

    /** Empty if any of them is missing, or of another kind than we write. */
    static Optional<Claims> read(JsonObject json) {
        var issuer = StrictJson.string(json, "iss");
        var subject = StrictJson.string(json, "sub");
        var service = StrictJson.string(json, "aud");
        var expires = StrictJson.seconds(json, "exp");
        var notBefore = StrictJson.seconds(json, "nbf");
        var issued = StrictJson.seconds(json, "iat");
        var id = StrictJson.string(json, "jti");
        var access = access(json);
        var realm = StrictJson.string(json, "realm");
        var version = StrictJson.number(json, "sv");
        var groups = json.has("groups")
                ? StrictJson.array(json, "groups").flatMap(ClaimsJson::strings)
                : Optional.of(Set.<String>of());
        boolean keyed = json.has("key");
        var key = StrictJson.string(json, "key");
        if (issuer.isEmpty()
                || subject.isEmpty()
                || service.isEmpty()
                || expires.isEmpty()
                || issued.isEmpty()
                || !notBefore.equals(issued)
                || id.isEmpty()
                || access.isEmpty()
                || realm.isEmpty()
                || version.isEmpty()
                || groups.isEmpty()
                || keyed != key.isPresent()) {
            return Optional.empty();
        }
        Principal principal = subject.get().isEmpty() && realm.get().isEmpty()
                ? Principal.ANONYMOUS
                : new Principal(realm.get(), subject.get());
        return Optional.of(new Claims(
                issuer.get(),
                principal,
                service.get(),
                issued.get(),
                expires.get(),
                id.get(),
                access.get(),
                version.get(),
                groups.get(),
                key));
    }

    /** The {@code access} of anybody's token; empty if it is not of the form that the specification gives it. */
    static Optional<List<Scope>> access(JsonObject json) {
        return StrictJson.array(json, "access").flatMap(entries -> {
            List<Scope> scopes = new ArrayList<>();
            for (JsonElement entry : entries) {
                Optional<Scope> scope = entry instanceof JsonObject object ? scope(object) : Optional.empty();
                if (scope.isEmpty()) {
                    return Optional.empty();
                }
                scopes.add(scope.get());
            }
            return Optional.of(scopes);
        });
    }

    private static Optional<Scope> scope(JsonObject json) {
        var type = StrictJson.string(json, "type");
        var name = StrictJson.string(json, "name");
        var actions = StrictJson.array(json, "actions").flatMap(ClaimsJson::strings);
        return type.isEmpty() || name.isEmpty() || actions.isEmpty()
                ? Optional.empty()
                : Optional.of(new Scope(type.get(), name.get(), actions.get()));
    }

    private static Optional<Set<String>> strings(List<JsonElement> elements) {
        Set<String> strings = new LinkedHashSet<>();
        for (JsonElement element : elements) {
            Optional<String> string = StrictJson.string(element);
            if (string.isEmpty()) {
                return Optional.empty();
            }
            strings.add(string.get());
        }
        return Optional.of(strings);
    }
}
