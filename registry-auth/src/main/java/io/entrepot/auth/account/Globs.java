package io.entrepot.auth.account;

import java.util.Arrays;

/** What can be said of two patterns without a name at hand. */
final class Globs {
    private static final int ANY = -1;
    private static final int ANY_IN_FOLDER = -2;
    private static final int ONE = -3;

    private Globs() {}

    /** Whether some text is matched by both patterns, in which {@code *} is any characters and {@code ?} is one. */
    static boolean intersect(String a, String b) {
        // can[j]: whether the rest of a from i and the rest of b from j have a text in common; built from the ends.
        boolean[] can = new boolean[b.length() + 1];
        for (int i = a.length(); i >= 0; i--) {
            boolean[] next = can;
            can = new boolean[b.length() + 1];
            for (int j = b.length(); j >= 0; j--) {
                can[j] = i == a.length() && j == b.length()
                        || i < a.length() && a.charAt(i) == '*' && (next[j] || j < b.length() && can[j + 1])
                        || j < b.length() && b.charAt(j) == '*' && (can[j + 1] || i < a.length() && next[j])
                        || i < a.length() && j < b.length() && single(a.charAt(i), b.charAt(j)) && next[j + 1];
            }
        }
        return can[0];
    }

    private static boolean single(char a, char b) {
        return a != '*' && b != '*' && (a == '?' || b == '?' || a == b);
    }

    /**
     * Whether every name that {@code narrow} matches is matched by {@code wide}, as far as the two patterns show it: may
     * be no where it would be yes, never the other way round. {@code **} crosses {@code /}, {@code *} and {@code ?} do
     * not.
     *
     * @param slashes whether {@code *} and {@code ?} cross {@code /} too, as in patterns that have none
     */
    static boolean covers(String wide, String narrow, boolean slashes) {
        int[] w = symbols(wide, slashes);
        int[] n = symbols(narrow, slashes);
        boolean[] can = new boolean[n.length + 1];
        for (int i = w.length; i >= 0; i--) {
            boolean[] next = can;
            can = new boolean[n.length + 1];
            for (int j = n.length; j >= 0; j--) {
                can[j] = i == w.length
                        ? j == n.length
                        : many(w[i])
                                ? next[j] || j < n.length && swallows(w[i], n[j]) && can[j + 1]
                                : j < n.length && standsFor(w[i], n[j]) && next[j + 1];
            }
        }
        return can[0];
    }

    private static int[] symbols(String glob, boolean slashes) {
        int[] symbols = new int[glob.length()];
        int count = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*' && (slashes || i + 1 < glob.length() && glob.charAt(i + 1) == '*')) {
                symbols[count++] = ANY;
                i += slashes ? 0 : 1;
            } else {
                symbols[count++] = c == '*' ? ANY_IN_FOLDER : c == '?' ? ONE : c;
            }
        }
        return Arrays.copyOf(symbols, count);
    }

    private static boolean many(int symbol) {
        return symbol == ANY || symbol == ANY_IN_FOLDER;
    }

    private static boolean swallows(int many, int symbol) {
        return many == ANY || symbol != ANY && symbol != '/';
    }

    private static boolean standsFor(int single, int symbol) {
        return single == symbol || single == ONE && symbol >= 0 && symbol != '/';
    }
}
