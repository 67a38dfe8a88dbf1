package io.entrepot.auth.account;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Writes one JSON object for {@link Fields} to read: members in the order of the calls, empty ones left out. */
final class JsonObject {
    private final StringWriter text = new StringWriter();
    private final JsonWriter writer = new JsonWriter(text);

    JsonObject() {
        write(JsonWriter::beginObject);
    }

    JsonObject with(String name, String value) {
        return write(w -> w.name(name).value(value));
    }

    JsonObject with(String name, boolean value) {
        return write(w -> w.name(name).value(value));
    }

    JsonObject with(String name, long value) {
        return write(w -> w.name(name).value(value));
    }

    JsonObject with(String name, Instant value) {
        return with(name, value.toString());
    }

    /** Left out if there is none. */
    JsonObject withOptional(String name, Optional<?> value) {
        return value.map(v -> with(name, v.toString())).orElse(this);
    }

    /** Sorted, so that the same set is the same text. */
    JsonObject withSet(String name, Collection<String> values) {
        return withTexts(name, values.stream().sorted().toList());
    }

    JsonObject withPrivileges(String name, List<Privilege> privileges) {
        return withTexts(name, privileges.stream().map(PrivilegeNotation::print).toList());
    }

    private JsonObject withTexts(String name, List<String> values) {
        return write(w -> {
            w.name(name).beginArray();
            for (String value : values) {
                w.value(value);
            }
            w.endArray();
        });
    }

    String end() {
        write(JsonWriter::endObject);
        return text.toString();
    }

    private interface Step {
        void to(JsonWriter writer) throws IOException;
    }

    private JsonObject write(Step step) {
        try {
            step.to(writer);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }
}
