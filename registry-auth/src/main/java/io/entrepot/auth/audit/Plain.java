package io.entrepot.auth.audit;

import java.util.Locale;

/** Makes a text that a stranger may have sent harmless to print and to grep. */
final class Plain {
    private Plain() {}

    /** What is no visible character or blank becomes <code>\</code>{@code u} and its number; the rest is cut. */
    static String text(String text, int max) {
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length() && plain.length() < max) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (isHarmless(c)) {
                plain.appendCodePoint(c);
            } else {
                plain.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        }
        return at < text.length() ? plain.append("...").toString() : plain.toString();
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
