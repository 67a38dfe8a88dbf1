package io.entrepot.auth.token;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.entrepot.auth.secret.SecretBox;
import io.entrepot.auth.token.SigningKeys.State;
import io.entrepot.core.store.DocumentStore;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All signing keys in one document, so that no process ever sees half of a rotation. */
final class KeyDocument {
    private static final String COLLECTION = "signing-keys";
    private static final String ID = "es256";

    private final DocumentStore documents;
    private final SecretBox box;

    /**
     * @param version of the document
     * @param revision of the store, before the document was read
     */
    record Stored(KeyRing ring, long version, long revision) {
        static final Stored NOTHING = new Stored(new KeyRing(List.of()), DocumentStore.ABSENT, -1);

        static Stored newest(Stored one, Stored other) {
            return one.version > other.version || one.version == other.version && one.revision > other.revision
                    ? one
                    : other;
        }
    }

    KeyDocument(DocumentStore documents, SecretBox box) {
        this.documents = documents;
        this.box = box;
    }

    Optional<Stored> read() {
        long revision = documents.revision();
        return documents.get(COLLECTION, ID).map(document -> stored(document, revision));
    }

    /** Empty if nothing has been stored since, whatever it is. */
    Optional<Stored> newer(Stored known) {
        long revision = documents.revision();
        if (revision == known.revision()) {
            return Optional.empty();
        }
        return documents
                .get(COLLECTION, ID)
                .map(document -> document.version() == known.version()
                        ? new Stored(known.ring(), known.version(), revision)
                        : stored(document, revision));
    }

    /**
     * @param seen what the change was made to
     * @throws DocumentStore.ConflictException if somebody has changed it since
     */
    Stored write(KeyRing ring, Optional<Stored> seen) {
        long version = seen.map(Stored::version).orElse(DocumentStore.ABSENT);
        documents.commit(List.of(new DocumentStore.Put(COLLECTION, ID, version, json(ring))));
        // The revision is asked for by the next look.
        return new Stored(ring, version + 1, -1);
    }

    private Stored stored(DocumentStore.Document document, long revision) {
        List<SigningKey> keys = new ArrayList<>();
        JsonObject json = StrictJson.read(document.json()).orElseThrow(KeyDocument::broken);
        for (JsonElement key : StrictJson.array(json, "keys").orElseThrow(KeyDocument::broken)) {
            keys.add(key(key.getAsJsonObject()));
        }
        return new Stored(new KeyRing(keys), document.version(), revision);
    }

    private SigningKey key(JsonObject json) {
        return SigningKey.read(
                State.valueOf(text(json, "state").toUpperCase(Locale.ROOT)),
                Instant.parse(text(json, "made")),
                Instant.parse(text(json, "since")),
                box.open(purpose(text(json, "id")), text(json, "sealed")));
    }

    private static String purpose(String id) {
        return "signing-key/" + id;
    }

    private static String text(JsonObject json, String name) {
        return StrictJson.string(json, name).orElseThrow(KeyDocument::broken);
    }

    private static IllegalStateException broken() {
        return new IllegalStateException("the document of the signing keys is broken");
    }

    private String json(KeyRing ring) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("keys").beginArray();
            for (SigningKey key : ring.keys()) {
                json.beginObject();
                json.name("id").value(key.id());
                json.name("state").value(key.state().name().toLowerCase(Locale.ROOT));
                json.name("made").value(key.made().toString());
                json.name("since").value(key.since().toString());
                json.name("sealed").value(box.seal(purpose(key.id()), key.pair().toJSONString()));
                json.endObject();
            }
            json.endArray().endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }
}
