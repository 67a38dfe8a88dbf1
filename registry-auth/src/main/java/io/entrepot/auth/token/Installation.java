package io.entrepot.auth.token;

import io.entrepot.core.store.DocumentStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One installation of this program, all its processes together: who issues its tokens.
 *
 * @param id drawn once at random, so that no two installations take each other for themselves
 */
public record Installation(String id) {
    private static final String COLLECTION = "installation";
    private static final String DOCUMENT = "id";
    private static final int BYTES = 12;

    public Installation {
        if (!id.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
            throw new IllegalArgumentException("not the id of an installation: " + id);
        }
    }

    /** The one that these documents belong to; it is made if there is none. */
    public static Installation in(DocumentStore documents, SecureRandom random) {
        Optional<Installation> known = read(documents);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        Installation drawn = new Installation(HexFormat.of().formatHex(bytes));
        String json = "{\"id\":\"" + drawn.id + "\"}";
        try {
            documents.commit(List.of(new DocumentStore.Put(COLLECTION, DOCUMENT, DocumentStore.ABSENT, json)));
        } catch (DocumentStore.ConflictException e) {
            // Another process was faster: its choice holds.
        }
        return read(documents).orElseThrow();
    }

    private static Optional<Installation> read(DocumentStore documents) {
        return documents
                .get(COLLECTION, DOCUMENT)
                .map(document -> StrictJson.read(document.json())
                        .flatMap(json -> StrictJson.string(json, "id"))
                        .map(Installation::new)
                        .orElseThrow(
                                () -> new IllegalStateException("the document of the installation's id is broken")));
    }

    /** What tokens of a connector are made out for, and those of no other. */
    public String service(String connector) {
        return id + "/" + connector;
    }
}
