package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;

/** Reads a JSON object in one way only: no field twice, nothing after it, nothing that is only nearly JSON. */
final class StrictJson {
    private static final int MAX_DEPTH = 8;

    private StrictJson() {}

    static JsonObject object(String text) {
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.setStrictness(Strictness.STRICT);
            json.setNestingLimit(MAX_DEPTH);
            if (json.peek() != JsonToken.BEGIN_OBJECT) {
                throw wrong("the body must be a JSON object");
            }
            JsonObject object = object(json);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw wrong("something follows the JSON object");
            }
            return object;
        } catch (MalformedJsonException | java.io.EOFException e) {
            throw wrong("the body is not JSON");
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw wrong("the body is not JSON that can be taken");
        }
    }

    private static JsonObject object(JsonReader json) throws IOException {
        JsonObject object = new JsonObject();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (object.has(name)) {
                throw AdminException.field(Fields.shown(name), "is there twice");
            }
            object.add(name, element(json));
        }
        json.endObject();
        return object;
    }

    private static JsonElement element(JsonReader json) throws IOException {
        return switch (json.peek()) {
            case BEGIN_OBJECT -> object(json);
            case BEGIN_ARRAY -> array(json);
            case STRING -> new JsonPrimitive(json.nextString());
            case BOOLEAN -> new JsonPrimitive(json.nextBoolean());
            case NUMBER -> new JsonPrimitive(json.nextDouble());
            default -> {
                json.nextNull();
                yield JsonNull.INSTANCE;
            }
        };
    }

    private static JsonArray array(JsonReader json) throws IOException {
        JsonArray array = new JsonArray();
        json.beginArray();
        while (json.hasNext()) {
            array.add(element(json));
        }
        json.endArray();
        return array;
    }

    private static AdminException wrong(String message) {
        return new AdminException(AdminException.Code.INVALID, message);
    }
}
