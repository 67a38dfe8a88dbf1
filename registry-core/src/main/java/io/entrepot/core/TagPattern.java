package io.entrepot.core;

/**
 * A pattern of tag names: {@code *} stands for any number of characters, {@code ?} for one. Matched in time linear in
 * the name for each {@code *}, so no pattern is expensive.
 */
public record TagPattern(String glob) {
    public TagPattern {
        if (glob.isEmpty() || glob.length() > Tag.MAX_LENGTH) {
            throw new IllegalArgumentException("a tag pattern has 1 to " + Tag.MAX_LENGTH + " characters");
        }
    }

    public boolean matches(Tag tag) {
        String name = tag.name();
        int g = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                resume = n;
            } else if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == name.charAt(n))) {
                g++;
                n++;
            } else if (star >= 0) {
                g = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }
}
