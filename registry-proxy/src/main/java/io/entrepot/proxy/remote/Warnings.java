package io.entrepot.proxy.remote;

import java.util.ArrayList;
import java.util.List;

/** The sentences in {@code Warning: 299 - "…"} headers, which registries may send to people (distribution specification). */
final class Warnings {
    private static final int MOST_CHARS = 512;

    private Warnings() {}

    /** @param lines each of which may hold several; what is not of that form is passed over */
    static List<String> of(List<String> lines) {
        List<String> sentences = new ArrayList<>();
        for (String line : lines) {
            int at = 0;
            while (at < line.length()) {
                int open = line.indexOf('"', at);
                if (open < 0) {
                    break;
                }
                boolean ours =
                        line.substring(at, open).replace(',', ' ').strip().startsWith("299 ");
                StringBuilder sentence = new StringBuilder();
                at = read(line, open + 1, sentence);
                if (ours && sentence.length() > 0) {
                    sentences.add(sentence.toString());
                }
            }
        }
        return sentences;
    }

    /** A quoted string, without what would not be printed; returns where it ends. */
    private static int read(String line, int start, StringBuilder into) {
        int i = start;
        while (i < line.length() && line.charAt(i) != '"') {
            if (line.charAt(i) == '\\' && i + 1 < line.length()) {
                i++;
            }
            char c = line.charAt(i);
            if (c >= ' ' && c < 0x7f && into.length() < MOST_CHARS) {
                into.append(c);
            }
            i++;
        }
        return i + 1;
    }
}
