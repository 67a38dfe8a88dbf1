package io.entrepot.core;

/**
 * The name of a repository within a registry, such as {@code library/nginx}: at most 255 characters, components of
 * {@code [a-z0-9]+} joined by one {@code .}, {@code _}, {@code __} or any number of {@code -}, separated by {@code /}
 * (OCI distribution specification, "Pulling manifests"). Ordered bytewise.
 */
public record RepositoryName(String value) implements Comparable<RepositoryName> {
    public static final int MAX_LENGTH = 255;

    public RepositoryName {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw RegistryException.invalidName("a repository name has 1 to " + MAX_LENGTH + " characters");
        }
        if (!wellFormed(value)) {
            throw RegistryException.invalidName("not a repository name: lower-case letters and digits, joined by one"
                    + " '.', '_' or '__' or by dashes, in components separated by '/'");
        }
    }

    private static boolean wellFormed(String value) {
        int i = 0;
        int n = value.length();
        while (true) {
            int start = i;
            while (i < n && alphanumeric(value.charAt(i))) {
                i++;
            }
            if (i == start) {
                return false;
            }
            if (i == n) {
                return true;
            }
            i = afterSeparator(value, i);
            if (i < 0) {
                return false;
            }
        }
    }

    /** The index behind the separator at {@code i}, or -1 if there is none. */
    private static int afterSeparator(String value, int i) {
        return switch (value.charAt(i)) {
            case '/', '.' -> i + 1;
            case '_' -> i + 1 < value.length() && value.charAt(i + 1) == '_' ? i + 2 : i + 1;
            case '-' -> {
                int end = i;
                while (end < value.length() && value.charAt(end) == '-') {
                    end++;
                }
                yield end;
            }
            default -> -1;
        };
    }

    private static boolean alphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    @Override
    public int compareTo(RepositoryName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
