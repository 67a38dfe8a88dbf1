package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of a body or the parameters of a query. What nobody asks for is a mistake: {@link #only} says which there may
 * be, before anything is looked at.
 */
final class Fields {
    private static final int SHOWN = 60;
    private static final int MOST_ENTRIES = 1000;

    private final JsonObject object;

    private Fields(JsonObject object) {
        this.object = object;
    }

    static Fields of(JsonObject object) {
        return new Fields(object);
    }

    /** @throws AdminException with the name of a field that is none of these */
    Fields only(String... names) {
        Set<String> unknown = new TreeSet<>(object.keySet());
        unknown.removeAll(Set.of(names));
        if (!unknown.isEmpty()) {
            String first = shown(unknown.iterator().next());
            throw AdminException.field(
                    first,
                    names.length == 0
                            ? "nothing is expected here"
                            : "is not expected here; known: " + String.join(", ", names));
        }
        return this;
    }

    boolean has(String name) {
        return object.has(name);
    }

    String string(String name) {
        return optional(name).orElseThrow(() -> AdminException.field(name, "is missing"));
    }

    String string(String name, String otherwise) {
        return optional(name).orElse(otherwise);
    }

    Optional<String> optional(String name) {
        JsonElement value = object.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonPrimitive p && p.isString()) {
            return Optional.of(p.getAsString());
        }
        throw AdminException.field(name, "must be a string");
    }

    boolean flag(String name, boolean otherwise) {
        JsonElement value = object.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof JsonPrimitive p && p.isBoolean()) {
            return p.getAsBoolean();
        }
        throw AdminException.field(name, "must be true or false");
    }

    /** Empty if there is no such field. */
    Optional<List<String>> strings(String name) {
        JsonElement value = object.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof JsonArray array) || array.size() > MOST_ENTRIES) {
            throw AdminException.field(name, "must be a list of at most " + MOST_ENTRIES + " strings");
        }
        List<String> strings = new ArrayList<>();
        for (JsonElement entry : array) {
            if (!(entry instanceof JsonPrimitive p) || !p.isString()) {
                throw AdminException.field(name, "must be a list of strings");
            }
            strings.add(p.getAsString());
        }
        return Optional.of(List.copyOf(strings));
    }

    String choice(String name, List<String> words, String otherwise) {
        String word = optional(name).orElse(otherwise);
        if (!words.contains(word)) {
            throw AdminException.field(name, "must be " + String.join(" or ", words));
        }
        return word;
    }

    /** Empty if there is no such field, or it is null. */
    Optional<Instant> instant(String name) {
        if (object.get(name) instanceof JsonNull) {
            return Optional.empty();
        }
        try {
            return optional(name).map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw AdminException.field(name, "must be an instant such as 2030-01-31T12:00:00Z");
        }
    }

    /** A parameter of a query is a string, too. */
    int number(String name, int least, int most, int otherwise) {
        String text = optional(name).orElse(Integer.toString(otherwise));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is out of bounds.
        }
        throw AdminException.field(name, "must be a number from " + least + " to " + most);
    }

    /** What a stranger sent, fit to be said back to him. */
    static String shown(String text) {
        String plain = text.replaceAll("[^\\p{L}\\p{N}\\p{P}\\p{S} ]", "?");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "…";
    }
}
