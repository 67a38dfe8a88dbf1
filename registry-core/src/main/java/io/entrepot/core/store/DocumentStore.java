package io.entrepot.core.store;

import java.util.List;
import java.util.Optional;

/**
 * Small versioned JSON documents, for those who need to keep a little without knowing storage: users, roles,
 * definitions. A collection has some thousands at most; a document is at most {@value #MAX_BYTES} bytes of UTF-8.
 */
public interface DocumentStore {
    int MAX_BYTES = 1 << 20;
    /** The version of a document that is not there. */
    long ABSENT = 0;

    /**
     * @param version 1 for the first text of an id, then one more with each change; it goes on counting after a deletion
     *     only if the document is made anew in the same commit
     */
    record Document(String collection, String id, long version, String json) {}

    /** One change of a commit, made only if the document has the version that the caller has seen. */
    sealed interface Change {
        String collection();

        String id();

        /** {@link #ABSENT} if there must be none of this id. */
        long seen();
    }

    record Put(String collection, String id, long seen, String json) implements Change {}

    record Delete(String collection, String id, long seen) implements Change {}

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
     * Makes all changes, or none; durable when this returns.
     *
     * @throws ConflictException if any document has another version
     */
    void commit(List<Change> changes);

    /** Grows with every commit, whoever made it, in this process or another: cheap to ask every second. */
    long revision();
}
