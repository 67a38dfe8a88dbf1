package io.entrepot.auth.oidc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a token says, after its signature was verified. */
record Claims(Map<String, Object> values) {

    Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    Optional<Instant> time(String name) {
        return values.get(name) instanceof Date date ? Optional.of(date.toInstant()) : Optional.empty();
    }

    /**
     * The texts under a path, of a list all of them; numbers and truths are texts too. A dot leads into an object, unless
     * there is a claim with that dot in its name.
     */
    List<String> texts(String path) {
        List<String> found = new ArrayList<>();
        collect(values, path, found);
        return found;
    }

    private static void collect(Map<?, ?> object, String path, List<String> found) {
        if (object.containsKey(path)) {
            add(object.get(path), found);
            return;
        }
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            if (object.get(path.substring(0, dot)) instanceof Map<?, ?> inner) {
                collect(inner, path.substring(dot + 1), found);
                return;
            }
        }
    }

    private static void add(Object value, List<String> found) {
        if (value instanceof List<?> list) {
            list.stream().filter(Claims::isText).map(Object::toString).forEach(found::add);
        } else if (isText(value)) {
            found.add(value.toString());
        }
    }

    private static boolean isText(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }
}
