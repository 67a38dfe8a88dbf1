package io.entrepot.core.wire;

import io.entrepot.core.ByteRange;
import io.entrepot.core.RegistryException;

/**
 * Ranges of uploads, which are not those of HTTP: {@code Content-Range: 0-99} says where a chunk belongs, {@code Range:
 * 0-99} what is held, without a unit and with both ends included.
 */
public final class UploadRange {
    private UploadRange() {}

    /**
     * Where a chunk belongs. Also takes the form of RFC 9110, {@code bytes 0-99/*}.
     *
     * @param contentRange the header, which is there
     * @param offset where the upload ends, for the exception
     * @throws RegistryException.OutOfOrder if it is malformed: the client then learns where to go on
     */
    public static ByteRange parse(String contentRange, long offset) {
        String text = contentRange.strip();
        if (text.regionMatches(true, 0, "bytes ", 0, 6)) {
            int slash = text.indexOf('/');
            text = text.substring(6, slash < 0 ? text.length() : slash);
        }
        int dash = text.indexOf('-');
        if (dash > 0
                && dash < text.length() - 1
                && HttpRanges.digits(text, 0, dash)
                && HttpRanges.digits(text, dash + 1, text.length())) {
            long first = HttpRanges.number(text, 0, dash);
            long last = HttpRanges.number(text, dash + 1, text.length());
            if (first <= last && last < Long.MAX_VALUE) {
                return new ByteRange(first, last - first + 1);
            }
        }
        throw new RegistryException.OutOfOrder(offset, "the Content-Range of a chunk is first-last, both included");
    }

    /** The range of a chunk, for {@code Content-Range}; it is not empty. */
    public static String render(ByteRange chunk) {
        return chunk.offset() + "-" + (chunk.end() - 1);
    }

    /** For {@code Range}: that so many bytes are held. The protocol says the same of none and of one. */
    public static String held(long offset) {
        return "0-" + Math.max(0, offset - 1);
    }

    /** How many bytes a {@code Range} header says are held; none if it is absent, malformed or {@code 0-0}. */
    public static long heldBytes(String range) {
        if (!range.startsWith("0-") || range.length() == 2 || !HttpRanges.digits(range, 2, range.length())) {
            return 0;
        }
        long last = HttpRanges.number(range, 2, range.length());
        return last == 0 || last == Long.MAX_VALUE ? 0 : last + 1;
    }
}
