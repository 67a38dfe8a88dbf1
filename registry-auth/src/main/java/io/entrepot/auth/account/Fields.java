package io.entrepot.auth.account;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The members of one JSON object, read strictly: none twice, each of its type, and none left over that nobody asked for.
 * A document that says something that is not understood is refused rather than half obeyed. Objects within are not
 * needed and not taken.
 */
final class Fields {
    private final Map<String, Object> members;

    private Fields(Map<String, Object> members) {
        this.members = members;
    }

    /** @throws AccountException if it is not such an object */
    static Fields read(String json) {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            Map<String, Object> members = new LinkedHashMap<>();
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                Names.require(members.put(name, value(reader)) == null, "the member " + name + " stands there twice");
            }
            reader.endObject();
            Names.require(reader.peek() == JsonToken.END_DOCUMENT, "something stands behind the end");
            return new Fields(members);
        } catch (IOException | IllegalStateException e) {
            throw new AccountException(AccountException.Reason.INVALID, "not a JSON object: " + e.getMessage());
        }
    }

    private static Object value(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case STRING -> reader.nextString();
            case BOOLEAN -> reader.nextBoolean();
            case NUMBER -> number(reader);
            case BEGIN_ARRAY -> texts(reader);
            default -> throw new AccountException(AccountException.Reason.INVALID, "unexpected " + reader.peek());
        };
    }

    private static List<String> texts(JsonReader reader) throws IOException {
        List<String> texts = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            Names.require(reader.peek() == JsonToken.STRING, "a list holds texts");
            texts.add(reader.nextString());
        }
        reader.endArray();
        return texts;
    }

    private static Long number(JsonReader reader) throws IOException {
        String text = reader.nextString();
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new AccountException(AccountException.Reason.INVALID, "not a whole number: " + text);
        }
    }

    String text(String name) {
        return required(name, optionalText(name));
    }

    Optional<String> optionalText(String name) {
        return take(name, String.class);
    }

    boolean flag(String name) {
        return required(name, take(name, Boolean.class));
    }

    long number(String name) {
        return required(name, take(name, Long.class));
    }

    Instant instant(String name) {
        return required(name, optionalInstant(name));
    }

    Optional<Instant> optionalInstant(String name) {
        return optionalText(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new AccountException(AccountException.Reason.INVALID, name + " is not a time: " + text);
            }
        });
    }

    List<String> texts(String name) {
        return required(name, optionalTexts(name));
    }

    @SuppressWarnings("unchecked") // Lists hold texts: value() sees to it.
    Optional<List<String>> optionalTexts(String name) {
        return take(name, List.class).map(list -> (List<String>) list);
    }

    Set<String> set(String name) {
        return new TreeSet<>(texts(name));
    }

    List<Privilege> privileges(String name) {
        return privilegesOf(texts(name));
    }

    Optional<List<Privilege>> optionalPrivileges(String name) {
        return optionalTexts(name).map(Fields::privilegesOf);
    }

    private static List<Privilege> privilegesOf(List<String> texts) {
        return texts.stream().map(PrivilegeNotation::parse).toList();
    }

    /** Everything was asked for. */
    void end() {
        Names.require(members.isEmpty(), "unknown members: " + String.join(", ", members.keySet()));
    }

    private <T> Optional<T> take(String name, Class<T> type) {
        Object value = members.remove(name);
        if (value == null) {
            return Optional.empty();
        }
        Names.require(type.isInstance(value), "the member " + name + " has the wrong type");
        return Optional.of(type.cast(value));
    }

    private static <T> T required(String name, Optional<T> value) {
        return value.orElseThrow(
                () -> new AccountException(AccountException.Reason.INVALID, "the member " + name + " is missing"));
    }
}
