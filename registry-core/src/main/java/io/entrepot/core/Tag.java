package io.entrepot.core;

/** A name of a manifest within a repository that may move: {@code [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}}. Ordered bytewise. */
public record Tag(String name) implements Reference, Comparable<Tag> {
    public static final int MAX_LENGTH = 128;

    public Tag {
        if (!wellFormed(name)) {
            throw RegistryException.invalidManifest(
                    "not a tag: one to 128 letters, digits, '_', '.' or '-', of which '.' and '-' cannot be first");
        }
    }

    private static boolean wellFormed(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean word = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
            if (!word && (i == 0 || c != '.' && c != '-')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(Tag other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
