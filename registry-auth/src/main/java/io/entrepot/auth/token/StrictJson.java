package io.entrepot.auth.token;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * JSON objects that no two readers can understand differently: no name twice, nothing behind the end, UTF-8 only, and not
 * deep. Whatever else arrives is no object at all.
 */
final class StrictJson {
    private static final int MAX_DEPTH = 8;

    private StrictJson() {}

    static Optional<JsonObject> read(byte[] utf8) {
        try {
            return read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    static Optional<JsonObject> read(String text) {
        try {
            JsonReader json = reader(text);
            if (!eachNameOnce(json) || json.peek() != JsonToken.END_DOCUMENT) {
                return Optional.empty();
            }
            return JsonParser.parseReader(reader(text)) instanceof JsonObject object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            // Not JSON, or not of the strict kind: it does not matter how it is wrong.
            return Optional.empty();
        }
    }

    private static JsonReader reader(String text) {
        JsonReader json = new JsonReader(new StringReader(text));
        json.setStrictness(Strictness.STRICT);
        json.setNestingLimit(MAX_DEPTH);
        return json;
    }

    private static boolean eachNameOnce(JsonReader json) throws IOException {
        switch (json.peek()) {
            case BEGIN_OBJECT -> {
                Set<String> names = new HashSet<>();
                json.beginObject();
                while (json.hasNext()) {
                    if (!names.add(json.nextName()) || !eachNameOnce(json)) {
                        return false;
                    }
                }
                json.endObject();
            }
            case BEGIN_ARRAY -> {
                json.beginArray();
                while (json.hasNext()) {
                    if (!eachNameOnce(json)) {
                        return false;
                    }
                }
                json.endArray();
            }
            default -> json.skipValue();
        }
        return true;
    }

    static Optional<String> string(JsonObject json, String name) {
        return string(json.get(name));
    }

    static Optional<String> string(@org.jspecify.annotations.Nullable JsonElement element) {
        return element instanceof JsonPrimitive p && p.isString() ? Optional.of(p.getAsString()) : Optional.empty();
    }

    /** Of a whole number of at most 15 digits, written as one. */
    static Optional<Long> number(JsonObject json, String name) {
        return json.get(name) instanceof JsonPrimitive p
                        && p.isNumber()
                        && p.getAsString().matches("[0-9]{1,15}")
                ? Optional.of(Long.parseLong(p.getAsString()))
                : Optional.empty();
    }

    /** A moment in whole seconds; fractions, which some issuers write, are cut off. */
    static Optional<Instant> seconds(JsonObject json, String name) {
        return json.get(name) instanceof JsonPrimitive p
                        && p.isNumber()
                        && p.getAsString().matches("[0-9]{1,11}(\\.[0-9]{1,9})?")
                ? Optional.of(
                        Instant.ofEpochSecond(Long.parseLong(p.getAsString().split("\\.", 2)[0])))
                : Optional.empty();
    }

    static Optional<List<JsonElement>> array(JsonObject json, String name) {
        return json.get(name) instanceof JsonArray array ? Optional.of(array.asList()) : Optional.empty();
    }
}
