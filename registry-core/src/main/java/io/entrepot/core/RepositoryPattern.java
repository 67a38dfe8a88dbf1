package io.entrepot.core;

/**
 * A pattern of repository names: {@code **} stands for any characters, {@code *} for any but {@code /}, {@code ?} for one
 * that is no {@code /}. {@code team/**} is everything below {@code team}, not {@code team} itself. Matching takes at most
 * the pattern's length times the name's, so no pattern is expensive.
 */
public record RepositoryPattern(String glob) {
    /** Every name. */
    public static final RepositoryPattern ALL = new RepositoryPattern("**");

    public RepositoryPattern {
        if (glob.isEmpty() || glob.length() > RepositoryName.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a pattern of names has 1 to " + RepositoryName.MAX_LENGTH + " characters");
        }
    }

    public boolean matches(RepositoryName name) {
        String text = name.value();
        // reached[i]: whether the part of the pattern that was read can stand for the first i characters of the name.
        boolean[] reached = new boolean[text.length() + 1];
        reached[0] = true;
        for (int g = 0; g < glob.length(); g++) {
            char c = glob.charAt(g);
            if (c == '*') {
                boolean slashes = g + 1 < glob.length() && glob.charAt(g + 1) == '*';
                if (slashes) {
                    g++;
                }
                for (int i = 0; i < text.length(); i++) {
                    reached[i + 1] |= reached[i] && (slashes || text.charAt(i) != '/');
                }
            } else {
                for (int i = text.length(); i > 0; i--) {
                    char t = text.charAt(i - 1);
                    reached[i] = reached[i - 1] && (c == '?' ? t != '/' : c == t);
                }
                reached[0] = false;
            }
        }
        return reached[text.length()];
    }
}
