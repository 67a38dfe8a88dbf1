package io.entrepot.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.StringReader;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;

/** The fields that somebody sent, as a form or as JSON. What is missing is empty. */
record LoginForm(Map<String, String> fields) {
    static final int MAX_BYTES = 16 << 10;
    private static final int MAX_FIELDS = 20;

    String get(String name) {
        return fields.getOrDefault(name, "");
    }

    /** @throws RegistryException.Invalid if it is no form, or a field is there twice */
    static LoginForm ofForm(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", MAX_FIELDS)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            try {
                if (fields.put(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8)) != null) {
                    throw new RegistryException.Invalid(ErrorCode.UNSUPPORTED, "a field is there twice");
                }
            } catch (IllegalArgumentException e) {
                throw new RegistryException.Invalid(ErrorCode.UNSUPPORTED, "this is no form");
            }
        }
        return new LoginForm(fields);
    }

    /** @throws RegistryException.Invalid if it is no object of texts */
    static LoginForm ofJson(byte[] bytes) {
        Map<String, String> fields = new HashMap<>();
        try (JsonReader json = new JsonReader(new StringReader(new String(bytes, UTF_8)))) {
            json.setStrictness(Strictness.STRICT);
            JsonObject object = com.google.gson.JsonParser.parseReader(json).getAsJsonObject();
            object.asMap().forEach((name, value) -> {
                if (value instanceof JsonPrimitive primitive && primitive.isString()) {
                    fields.put(name, primitive.getAsString());
                }
            });
            return new LoginForm(fields);
        } catch (JsonParseException | IllegalStateException | java.io.IOException e) {
            throw new RegistryException.Invalid(ErrorCode.UNSUPPORTED, "this is no JSON object");
        }
    }
}
