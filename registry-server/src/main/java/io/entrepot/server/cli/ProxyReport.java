package io.entrepot.server.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** How a proxy is, as a person reads it: the whole, then its sources, then what is under way. */
final class ProxyReport {
    private static final Table SOURCES = new Table(
            "source", "condition", "since", "until", "requests", "failures", "received", "pulls", "lastError");
    private static final Table DOWNLOADS = new Table("digest", "received", "of", "readers");

    private ProxyReport() {}

    static void print(Administrator admin, JsonObject state) {
        JsonObject whole = new JsonObject();
        copy(state, whole, "registry");
        copy(state, whole, "blocked");
        whole.addProperty("cache", size(state, "heldBytes") + " of " + size(state, "limitBytes"));
        copy(state, whole, "transfers");
        copy(state, whole, "waiting");
        JsonArray sources = new JsonArray();
        for (JsonElement element : array(state, "sources")) {
            JsonObject source = element.getAsJsonObject().deepCopy();
            source.addProperty("received", size(source, "receivedBytes"));
            sources.add(source);
        }
        JsonArray downloads = new JsonArray();
        for (JsonElement element : array(state, "downloads")) {
            JsonObject download = element.getAsJsonObject().deepCopy();
            download.addProperty("received", size(download, "received"));
            download.addProperty("of", size(download, "size"));
            downloads.add(download);
        }
        String text = Table.of(whole) + "\n" + SOURCES.of(sources)
                + (downloads.isEmpty() ? "" : "\n" + DOWNLOADS.of(downloads));
        admin.print(state, text);
    }

    private static JsonArray array(JsonObject object, String field) {
        return object.get(field) instanceof JsonArray array ? array : new JsonArray();
    }

    private static void copy(JsonObject from, JsonObject to, String field) {
        if (from.has(field)) {
            to.add(field, from.get(field));
        }
    }

    private static String size(JsonObject object, String field) {
        return object.get(field) instanceof JsonPrimitive p && p.isNumber() ? Sizes.of(p.getAsLong()) : "-";
    }
}
