package io.entrepot.core;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the JSON of a manifest so strictly that no two readers can understand it differently: no name twice in any
 * object, no name that differs from a known one only by case (Go's reader takes those), no text that is not UTF-8,
 * nothing behind the end, numbers only as whole numbers, and all of it bounded. Members that it does not know are
 * checked for form and passed over.
 */
final class ManifestReader {
    static final int MAX_DEPTH = 32;
    static final int MAX_ENTRIES = 1_000;

    private static final long MAX_INTEGER = 1L << 53;
    private static final Set<String> MANIFEST_NAMES = Set.of(
            "schemaVersion",
            "mediaType",
            "artifactType",
            "config",
            "layers",
            "fsLayers",
            "manifests",
            "subject",
            "annotations");
    private static final Set<String> DESCRIPTOR_NAMES =
            Set.of("mediaType", "digest", "size", "artifactType", "annotations");

    private final JsonReader json;

    private ManifestReader(JsonReader json) {
        this.json = json;
    }

    /** What the bytes refer to, as a manifest of this type. */
    static Links read(MediaType type, byte[] bytes) {
        ManifestDocument.requireAccepted(type);
        return read(bytes).as(type);
    }

    /** @throws RegistryException.Invalid with MANIFEST_INVALID; the message names the place by its JSON path */
    static ManifestDocument read(byte[] bytes) {
        if (startsWithByteOrderMark(bytes)) {
            throw RegistryException.invalidManifest("a manifest begins with '{', not with a byte order mark");
        }
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try (var json = new JsonReader(new InputStreamReader(new ByteArrayInputStream(bytes), decoder))) {
            json.setStrictness(Strictness.STRICT);
            json.setNestingLimit(MAX_DEPTH);
            return new ManifestReader(json).document();
        } catch (CharacterCodingException e) {
            throw RegistryException.invalidManifest("a manifest is JSON in UTF-8, and these bytes are not UTF-8");
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            // The reader's own message quotes its place, and a link to its manual; neither helps a client.
            throw RegistryException.invalidManifest("a manifest is one JSON object of at most " + MAX_DEPTH
                    + " levels, and these bytes are not well-formed JSON of that kind");
        }
    }

    private static boolean startsWithByteOrderMark(byte[] b) {
        return b.length >= 3 && b[0] == (byte) 0xef && b[1] == (byte) 0xbb && b[2] == (byte) 0xbf;
    }

    private ManifestDocument document() throws IOException {
        var document = new ManifestDocument.Builder();
        Names names = begin(MANIFEST_NAMES);
        while (json.hasNext()) {
            String name = names.next();
            document.sawMember(name);
            if (isNull()) {
                continue;
            }
            switch (name) {
                case "schemaVersion" -> document.schemaVersion = Optional.of(integer());
                case "mediaType" -> document.mediaType = Optional.of(mediaType());
                case "artifactType" -> document.artifactType = artifactType();
                case "config" -> document.config = Optional.of(descriptor());
                case "layers" -> document.layers = descriptors();
                case "manifests" -> document.manifests = descriptors();
                case "subject" -> document.subject = Optional.of(descriptor());
                case "annotations" -> document.annotations = strings();
                default -> passOver();
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw RegistryException.invalidManifest("something follows the end of the manifest");
        }
        return document.build();
    }

    private List<Descriptor> descriptors() throws IOException {
        expect(JsonToken.BEGIN_ARRAY, "an array");
        List<Descriptor> descriptors = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            if (descriptors.size() == MAX_ENTRIES) {
                throw wrong("has more than " + MAX_ENTRIES + " entries");
            }
            descriptors.add(descriptor());
        }
        json.endArray();
        return descriptors;
    }

    private Descriptor descriptor() throws IOException {
        Optional<MediaType> mediaType = Optional.empty();
        Optional<Digest> digest = Optional.empty();
        Optional<Long> size = Optional.empty();
        Optional<MediaType> artifactType = Optional.empty();
        Map<String, String> annotations = Map.of();
        String path = path();
        Names names = begin(DESCRIPTOR_NAMES);
        while (json.hasNext()) {
            String name = names.next();
            if (isNull()) {
                continue;
            }
            switch (name) {
                case "mediaType" -> mediaType = Optional.of(mediaType());
                case "digest" -> digest = Optional.of(digest());
                case "size" -> size = Optional.of(integer());
                case "artifactType" -> artifactType = artifactType();
                case "annotations" -> annotations = strings();
                default -> passOver();
            }
        }
        json.endObject();
        return new Descriptor(
                required(mediaType, path, "mediaType"),
                required(digest, path, "digest"),
                required(size, path, "size"),
                artifactType,
                annotations);
    }

    private static <T> T required(Optional<T> value, String path, String name) {
        return value.orElseThrow(() -> RegistryException.invalidManifest(path + "." + name + " is missing"));
    }

    private Map<String, String> strings() throws IOException {
        Map<String, String> strings = new HashMap<>();
        Names names = begin(Set.of());
        while (json.hasNext()) {
            strings.put(names.next(), string());
        }
        json.endObject();
        return strings;
    }

    private MediaType mediaType() throws IOException {
        return mediaType(path(), string());
    }

    private static MediaType mediaType(String path, String value) {
        try {
            return new MediaType(value);
        } catch (RegistryException.Invalid e) {
            throw RegistryException.invalidManifest(path + ": " + e.getMessage());
        }
    }

    /** Go programs write an absent one as an empty string when they forget to omit it. */
    private Optional<MediaType> artifactType() throws IOException {
        String path = path();
        String value = string();
        return value.isEmpty() ? Optional.empty() : Optional.of(mediaType(path, value));
    }

    private Digest digest() throws IOException {
        String path = path();
        String value = string();
        try {
            return Digest.parse(value);
        } catch (RegistryException.Invalid e) {
            throw RegistryException.invalidManifest(path + ": " + e.getMessage());
        }
    }

    /** A whole number written as one: not "12", 1.0 or 1e3, which other readers take differently or not at all. */
    private long integer() throws IOException {
        expect(JsonToken.NUMBER, "a whole number");
        String text = json.nextString();
        boolean whole = text.length() <= 16 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!whole || Long.parseLong(text) > MAX_INTEGER) {
            throw wrong("is not a whole number from 0 to 2^53");
        }
        return Long.parseLong(text);
    }

    private String string() throws IOException {
        expect(JsonToken.STRING, "a string");
        return wholeCharacters(json.nextString());
    }

    /** Two strings that hold different halves of a character are the same to readers that replace them. */
    private String wholeCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw wrong("holds half a character (a lone surrogate)");
                }
                i++;
            }
        }
        return text;
    }

    /** Go programs write absent members as null. */
    private boolean isNull() throws IOException {
        if (json.peek() != JsonToken.NULL) {
            return false;
        }
        json.nextNull();
        return true;
    }

    /** Goes through a value that means nothing here, for names that stand twice in it and the like. */
    private void passOver() throws IOException {
        switch (json.peek()) {
            case BEGIN_OBJECT -> {
                Names names = begin(Set.of());
                while (json.hasNext()) {
                    names.next();
                    passOver();
                }
                json.endObject();
            }
            case BEGIN_ARRAY -> {
                json.beginArray();
                while (json.hasNext()) {
                    passOver();
                }
                json.endArray();
            }
            case STRING -> string();
            default -> json.skipValue();
        }
    }

    private Names begin(Set<String> known) throws IOException {
        expect(JsonToken.BEGIN_OBJECT, "an object");
        json.beginObject();
        return new Names(known);
    }

    private void expect(JsonToken token, String what) throws IOException {
        if (json.peek() != token) {
            throw wrong("is not " + what);
        }
    }

    private RegistryException.Invalid wrong(String how) {
        return RegistryException.invalidManifest(path() + " " + how);
    }

    /** Where the reader stands, such as {@code layers[3].digest}; names in it may be the client's, hence cut. */
    private String path() {
        String path = json.getPath();
        if (path.equals("$")) {
            return "the manifest";
        }
        String inside = path.startsWith("$.") ? path.substring(2) : path;
        return inside.length() <= 100 ? inside : inside.substring(0, 100) + "…";
    }

    /** The names of one object's members, each of which may come once. */
    private final class Names {
        private final Set<String> known;
        private final Set<String> seen = new HashSet<>();

        Names(Set<String> known) {
            this.known = known;
        }

        String next() throws IOException {
            String name = wholeCharacters(json.nextName());
            if (!seen.add(name)) {
                throw wrong("stands there twice");
            }
            if (!known.contains(name)) {
                for (String k : known) {
                    if (k.equalsIgnoreCase(name)) {
                        throw wrong("is written " + k);
                    }
                }
            }
            return name;
        }
    }
}
