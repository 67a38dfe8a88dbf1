package io.entrepot.proxy.remote;

import io.entrepot.core.ByteRange;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which part of a blob an answer has, by its {@code Content-Range} (RFC 9110, section 14.4); the size may be unknown. */
record ContentRange(ByteRange range, OptionalLong size) {
    private static final Pattern FORM =
            Pattern.compile("bytes +(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NONE = Pattern.compile("bytes +\\*/(\\d{1,18})", Pattern.CASE_INSENSITIVE);

    /** Empty if it is malformed, reversed or beyond the size that it says. */
    static Optional<ContentRange> parse(String header) {
        Matcher matcher = FORM.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        OptionalLong size =
                matcher.group(3).equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(matcher.group(3)));
        return first > last || size.isPresent() && last >= size.getAsLong()
                ? Optional.empty()
                : Optional.of(new ContentRange(new ByteRange(first, last - first + 1), size));
    }

    /** Whether an unsatisfiable range was answered with a size of nothing. */
    static boolean saysEmpty(String header) {
        Matcher matcher = NONE.matcher(header.strip());
        return matcher.matches() && Long.parseLong(matcher.group(1)) == 0;
    }

    boolean fits(ByteRange asked, long expectedSize) {
        return range.equals(asked) && size.orElse(expectedSize) == expectedSize;
    }
}
