package io.entrepot.core;

import java.util.UUID;

/** Names an upload session for as long as it lives. Whoever knows it still needs the right to push. */
public record UploadId(UUID value) {

    public static UploadId random() {
        return new UploadId(UUID.randomUUID());
    }

    /**
     * Reads the canonical form, 36 characters in lower case; Java's own parser takes much more.
     *
     * @throws RegistryException.Unknown for everything else: such a session cannot exist
     */
    public static UploadId parse(String text) {
        if (text.length() == 36) {
            try {
                UUID value = UUID.fromString(text);
                if (value.toString().equals(text)) {
                    return new UploadId(value);
                }
            } catch (IllegalArgumentException e) {
                // Not a UUID at all: the answer is the one below.
            }
        }
        throw new RegistryException.Unknown(ErrorCode.BLOB_UPLOAD_UNKNOWN, "upload unknown: not an upload's id", text);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
