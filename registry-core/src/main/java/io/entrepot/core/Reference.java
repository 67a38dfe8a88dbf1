package io.entrepot.core;

/** What a manifest is asked for by: a {@link Tag} that may move, or a {@link Digest} that cannot. */
public sealed interface Reference permits Tag, Digest {

    /**
     * Reads a reference as it stands in a path: whatever holds a colon is a digest, everything else a tag.
     *
     * @throws RegistryException.Invalid if it is neither
     */
    static Reference parse(String text) {
        return text.indexOf(':') >= 0 ? Digest.parse(text) : new Tag(text);
    }
}
