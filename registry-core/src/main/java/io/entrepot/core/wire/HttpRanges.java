package io.entrepot.core.wire;

import io.entrepot.core.ByteRange;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a blob that a {@code Range} header asks for (RFC 9110, section 14), bounded by what an answer may cost. */
public final class HttpRanges {
    public static final int MAX_RANGES = 256;

    private static final String UNIT = "bytes=";

    private HttpRanges() {}

    /**
     * Reads a {@code Range} header.
     *
     * @param header empty if there was none
     * @param size of the blob
     * @return in the order they were asked for, each within the blob and not empty; none if the whole is wanted, as with a
     *     header that is malformed or of another unit
     * @throws RegistryException.RangeUnsatisfiable if no range has anything in common with the blob, or one is reversed
     * @throws RegistryException.Invalid for more than {@link #MAX_RANGES} ranges, or for more bytes than the blob has
     */
    public static List<ByteRange> parse(String header, long size) {
        if (!header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return List.of();
        }
        List<Spec> specs = specs(header);
        if (specs.isEmpty() || size == 0 && specs.get(0).coversBeginning()) {
            // Some clients ask for "all from here" as a matter of course, also when there is nothing.
            return List.of();
        }
        List<ByteRange> ranges = new ArrayList<>(specs.size());
        long sum = 0;
        for (Spec spec : specs) {
            Optional<ByteRange> range = spec.within(size);
            if (range.isPresent()) {
                if (range.get().length() > size - sum) {
                    throw tooMuch("the ranges overlap: together they are larger than the blob");
                }
                ranges.add(range.get());
                sum += range.get().length();
            }
        }
        if (ranges.isEmpty() || specs.stream().anyMatch(Spec::reversed)) {
            throw new RegistryException.RangeUnsatisfiable(size, "the blob has no such range");
        }
        return ranges;
    }

    /**
     * Whether ranges may be answered although {@code If-Range} was sent.
     *
     * @param ifRange the header, empty if there was none
     */
    public static boolean applies(String ifRange, String entityTag) {
        return ifRange.isEmpty() || ifRange.strip().equals(entityTag);
    }

    /** For {@code Content-Range} with 206. */
    public static String satisfied(ByteRange range, long size) {
        return "bytes " + range.offset() + "-" + (range.end() - 1) + "/" + size;
    }

    /** For {@code Content-Range} with 416. */
    public static String unsatisfied(long size) {
        return "bytes */" + size;
    }

    /** The way back from {@link #unsatisfied}. */
    static Optional<Long> sizeWhenUnsatisfied(String contentRange) {
        String prefix = "bytes */";
        return contentRange.startsWith(prefix)
                        && contentRange.length() > prefix.length()
                        && digits(contentRange, prefix.length(), contentRange.length())
                ? Optional.of(number(contentRange, prefix.length(), contentRange.length()))
                : Optional.empty();
    }

    /** {@code first-last}, {@code first-} or {@code -suffix}; what is absent is -1. */
    private record Spec(long first, long last) {

        boolean coversBeginning() {
            return first < 0 ? last > 0 : first == 0;
        }

        Optional<ByteRange> within(long size) {
            long from = first < 0 ? size - Math.min(last, size) : first;
            long to = first < 0 || last < 0 ? size : Math.min(last, size - 1) + 1;
            return from < to ? Optional.of(new ByteRange(from, to - from)) : Optional.empty();
        }

        boolean reversed() {
            return first >= 0 && last >= 0 && last < first;
        }
    }

    /** Empty if any of it is malformed. */
    private static List<Spec> specs(String header) {
        List<Spec> specs = new ArrayList<>();
        int start = UNIT.length();
        while (start <= header.length()) {
            int comma = header.indexOf(',', start);
            int end = comma < 0 ? header.length() : comma;
            String text = header.substring(start, end).strip();
            if (!text.isEmpty()) {
                int dash = text.indexOf('-');
                if (dash < 0
                        || text.length() == 1
                        || !digits(text, 0, dash)
                        || !digits(text, dash + 1, text.length())) {
                    return List.of();
                }
                if (specs.size() == MAX_RANGES) {
                    throw tooMuch("more than " + MAX_RANGES + " ranges: ask for fewer, or for the whole");
                }
                specs.add(new Spec(number(text, 0, dash), number(text, dash + 1, text.length())));
            }
            start = end + 1;
        }
        return specs;
    }

    static boolean digits(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** What the digits say, but no more than the largest size there can be; -1 for none. */
    static long number(String text, int start, int end) {
        if (start == end) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return Long.MAX_VALUE;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static RegistryException.Invalid tooMuch(String message) {
        return new RegistryException.Invalid(ErrorCode.SIZE_INVALID, message);
    }
}
