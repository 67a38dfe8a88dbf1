package io.entrepot.core.wire;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.MediaType;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the lists of other registries. Entries that cannot be are left out (some registries list digests among the tags),
 * and {@code null} is an empty list; what is no list at all is an answer that we did not get.
 */
public final class ListingReader {
    private ListingReader() {}

    public static List<Tag> tags(byte[] body) {
        return entries(body, "tags", e -> new Tag(text(e)));
    }

    public static List<RepositoryName> catalog(byte[] body) {
        return entries(body, "repositories", e -> new RepositoryName(text(e)));
    }

    public static List<Descriptor> referrers(byte[] body) {
        return entries(body, "manifests", ListingReader::descriptor);
    }

    private static <T> List<T> entries(byte[] body, String name, Function<JsonElement, T> reading) {
        JsonObject list = Json.objectOf(body).orElseThrow(ListingReader::unreadable);
        List<T> entries = new ArrayList<>();
        for (JsonElement element : Json.array(list, name).orElseGet(List::of)) {
            try {
                entries.add(reading.apply(element));
            } catch (RegistryException.Invalid e) {
                // Not one of ours: the others are still good.
            }
        }
        return entries;
    }

    private static Descriptor descriptor(JsonElement element) {
        if (!(element instanceof JsonObject o)) {
            throw RegistryException.invalidManifest("a descriptor is an object");
        }
        return new Descriptor(
                new MediaType(Json.string(o, "mediaType").orElse("")),
                Digest.parse(Json.string(o, "digest").orElse("")),
                size(o),
                Json.string(o, "artifactType").filter(s -> !s.isEmpty()).map(MediaType::new),
                annotations(o));
    }

    private static long size(JsonObject descriptor) {
        String digits = descriptor.get("size") instanceof JsonPrimitive p && p.isNumber() ? p.getAsString() : "";
        if (digits.isEmpty() || digits.length() > 16 || !HttpRanges.digits(digits, 0, digits.length())) {
            throw RegistryException.invalidManifest("a size is a whole number");
        }
        return Long.parseLong(digits);
    }

    private static Map<String, String> annotations(JsonObject descriptor) {
        Map<String, String> annotations = new HashMap<>();
        if (descriptor.get("annotations") instanceof JsonObject given) {
            given.keySet().forEach(key -> Json.string(given, key).ifPresent(value -> annotations.put(key, value)));
        }
        return annotations;
    }

    private static String text(JsonElement element) {
        return element instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    private static RegistryException.Unavailable unreadable() {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE, "another registry's list cannot be read", Optional.empty(), null);
    }
}
