package io.entrepot.core.wire;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The one encoder of the JSON that we answer with, safe to be shown in a page, and what is needed to read the answers of
 * other registries, which are not to be trusted with their types.
 */
final class Json {
    private static final int MAX_DEPTH = 32;

    private Json() {}

    interface Body {
        void writeTo(JsonWriter json) throws IOException;
    }

    static byte[] bytes(Body body) {
        StringWriter text = new StringWriter();
        try {
            body.writeTo(writer(text));
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static JsonWriter writer(Writer out) {
        JsonWriter json = new JsonWriter(out);
        json.setStrictness(Strictness.STRICT);
        json.setHtmlSafe(true);
        return json;
    }

    /** Empty if the bytes are not a JSON object, for whatever reason. */
    static Optional<JsonObject> objectOf(byte[] bytes) {
        try (JsonReader json = new JsonReader(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
            json.setStrictness(Strictness.STRICT);
            json.setNestingLimit(MAX_DEPTH);
            JsonElement read = JsonParser.parseReader(json);
            return read instanceof JsonObject object && json.peek() == JsonToken.END_DOCUMENT
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    static Optional<String> string(JsonObject object, String name) {
        return object.get(name) instanceof JsonPrimitive p && p.isString()
                ? Optional.of(p.getAsString())
                : Optional.empty();
    }

    static Optional<List<JsonElement>> array(JsonObject object, String name) {
        return object.get(name) instanceof JsonArray array ? Optional.of(array.asList()) : Optional.empty();
    }
}
