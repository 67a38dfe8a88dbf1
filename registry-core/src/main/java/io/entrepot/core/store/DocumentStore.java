package io.entrepot.core.store;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Small versioned JSON documents, for those who need to keep a little without knowing storage: users, roles,
 * definitions. A collection has some thousands at most; a document is at most {@value #MAX_BYTES} bytes of UTF-8. Safe
 * for all threads.
 */
public interface DocumentStore {
    int MAX_BYTES = 1 << 20;
    int MAX_ID_LENGTH = 512;
    /** The version of a document that is not there. */
    long ABSENT = 0;

    /**
     * @param version grows with each change of an id and is never used for it again, not even after a deletion: so what
     *     was decided about one document is never done to another of the same name
     */
    record Document(String collection, String id, long version, String json) {}

    /** One change of a commit, made only if the document has the version that the caller has seen. */
    sealed interface Change {
        String collection();

        String id();

        /** {@link #ABSENT} if there must be none of this id. */
        long seen();
    }

    record Put(String collection, String id, long seen, String json) implements Change {
        /** @throws RegistryException.TooLarge if the text has more than {@value #MAX_BYTES} bytes */
        public Put {
            requireName(collection);
            requireName(id);
            int size = encoded(json).remaining();
            if (size > MAX_BYTES) {
                throw new RegistryException.TooLarge(
                        ErrorCode.SIZE_INVALID,
                        MAX_BYTES,
                        collection + "/" + id + " would have " + size + " bytes; the most is " + MAX_BYTES);
            }
        }
    }

    record Delete(String collection, String id, long seen) implements Change {
        public Delete {
            requireName(collection);
            requireName(id);
        }
    }

    /** Somebody else was faster: read again, decide again. Nothing was changed. */
    final class ConflictException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public ConflictException(String collection, String id) {
            super(collection + "/" + id + " has been changed by somebody else", null, false, false);
        }
    }

    Optional<Document> get(String collection, String id);

    /** All of a collection, ordered bytewise by id, as of one moment. */
    List<Document> all(String collection);

    /**
     * Makes all changes, one after the other, or none; durable when this returns.
     *
     * @throws ConflictException if any document has another version
     */
    void commit(List<Change> changes);

    /**
     * Grows with every commit of a change, whoever made it, in this process or another: cheap to ask every second. What
     * is read after it was asked is at least as new.
     */
    long revision();

    private static void requireName(String name) {
        if (name.isEmpty() || name.length() > MAX_ID_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "collections and ids have 1 to " + MAX_ID_LENGTH + " characters, no control characters among them");
        }
        encoded(name);
    }

    private static ByteBuffer encoded(String text) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the text holds half a character, which UTF-8 has no bytes for", e);
        }
    }
}
