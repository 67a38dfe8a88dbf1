package io.entrepot.server.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON objects as lines of columns, under titles that are the fields' names. */
final class Table {
    private static final String GAP = "  ";

    private final List<String> fields;

    Table(String... fields) {
        this.fields = List.of(fields);
    }

    String of(JsonArray objects) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(fields.stream()
                .map(f -> f.replaceAll("([a-z])([A-Z])", "$1 $2").toUpperCase(Locale.ROOT))
                .toList());
        for (JsonElement object : objects) {
            lines.add(fields.stream()
                    .map(f -> text(object.getAsJsonObject().get(f)))
                    .toList());
        }
        int[] widths = new int[fields.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        return lines.stream().map(line -> padded(line, widths)).collect(Collectors.joining());
    }

    /** One object, a field a line. */
    static String of(JsonObject object) {
        int width = object.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        object.asMap().forEach((name, value) -> {
            List<String> lines = value instanceof JsonArray array && array.size() > 1
                    ? array.asList().stream().map(Table::text).toList()
                    : List.of(text(value));
            String title = name;
            for (String line : lines) {
                text.append(String.format("%-" + (width + 1) + "s %s", title, line)
                                .stripTrailing())
                        .append('\n');
                title = "";
            }
        });
        return text.toString();
    }

    private static String padded(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            text.append(String.format("%-" + Math.max(1, widths[i]) + "s", line.get(i)))
                    .append(GAP);
        }
        return text.toString().stripTrailing() + "\n";
    }

    /** What others have named cannot break out of its line. */
    private static String text(@Nullable JsonElement value) {
        if (value == null || value.isJsonNull()) {
            return "-";
        }
        String plain = value instanceof JsonArray array
                ? array.asList().stream().map(Table::text).collect(Collectors.joining(", "))
                : value instanceof JsonPrimitive primitive ? primitive.getAsString() : value.toString();
        return plain.isEmpty() ? "-" : plain.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\p{Cf}]", "?");
    }
}
