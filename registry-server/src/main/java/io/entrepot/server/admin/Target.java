package io.entrepot.server.admin;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A path, taken apart and decoded, and the query behind it. */
record Target(List<String> segments, Fields query) {
    private static final int MOST_SEGMENTS = 8;

    Target {
        segments = List.copyOf(segments);
    }

    static Target parse(String text) {
        int mark = text.indexOf('?');
        String path = mark < 0 ? text : text.substring(0, mark);
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", MOST_SEGMENTS + 2)) {
            segments.add(decoded(segment, false));
        }
        // What precedes the first slash is nothing.
        return new Target(
                segments.subList(1, Math.max(1, segments.size())), query(mark < 0 ? "" : text.substring(mark + 1)));
    }

    private static Fields query(String text) {
        JsonObject parameters = new JsonObject();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
                if (parameters.has(name)) {
                    throw AdminException.field(Fields.shown(name), "is there twice");
                }
                parameters.addProperty(name, equals < 0 ? "" : decoded(pair.substring(equals + 1), true));
            }
        }
        return Fields.of(parameters);
    }

    private static String decoded(String text, boolean plus) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new AdminException(
                            AdminException.Code.INVALID, "a percent sign must stand before two digits");
                }
                bytes.put((byte) (high * 16 + low));
                i += 2;
            } else if (c >= 0x80) {
                throw new AdminException(AdminException.Code.INVALID, "the path and the query must be ASCII");
            } else {
                bytes.put((byte) (plus && c == '+' ? ' ' : c));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new AdminException(AdminException.Code.INVALID, "the path and the query must be UTF-8");
        }
    }
}
