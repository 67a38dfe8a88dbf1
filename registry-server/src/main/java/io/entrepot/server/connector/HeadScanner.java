package io.entrepot.server.connector;

import io.entrepot.core.ErrorCode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the headers of a request end, and sees what Undertow's parser does not tell: other versions than 1.0 and
 * 1.1 (which it takes for 1.1) and folded lines (which it joins). All else is the parser's to refuse.
 */
final class HeadScanner {
    private static final long HTTP = 0x485454502f000000L;
    private static final long HTTP_1_0 = 0x485454502f312e30L;
    private static final long HTTP_1_1 = 0x485454502f312e31L;

    private boolean requestLine = true;
    private int lineBytes;
    private long lastEight;
    private boolean ended;
    private @Nullable Refusal refusal;

    /** The position in {@code bytes} up to which they are headers, {@code to} if these have not ended. */
    int scan(ByteBuffer bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes.get(at);
            if (lineBytes > 0 && !requestLine) {
                int end = lineFeed(bytes, at, to);
                lineBytes += end - at;
                if (end == to) {
                    return to;
                }
                at = end;
                b = '\n';
            }
            if (b == '\n') {
                if (lineBytes == 1 && lastEight == '\r' && !requestLine) {
                    ended = true;
                    return at + 1;
                }
                endOfLine();
                continue;
            }
            if (lineBytes == 0 && !requestLine && (b == ' ' || b == '\t')) {
                refusal = Refusal.badRequest("a header must not go on in a second line");
            }
            if (requestLine && b == '\r') {
                checkVersion();
            }
            lineBytes++;
            lastEight = lastEight << 8 | (b & 0xff);
        }
        return to;
    }

    /** Whether the headers have ended. */
    boolean ended() {
        return ended;
    }

    /** Why the request must not go on; null as long as nothing is wrong. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /** Headers are mostly values, of which only the end counts. */
    private static int lineFeed(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to && bytes.get(at) != '\n') {
            at++;
        }
        return at;
    }

    private void endOfLine() {
        requestLine = false;
        lineBytes = 0;
        lastEight = 0;
    }

    private void checkVersion() {
        boolean version = (lastEight & 0xffffffffff000000L) == HTTP;
        if (version && lastEight != HTTP_1_0 && lastEight != HTTP_1_1) {
            refusal = new Refusal(505, ErrorCode.UNSUPPORTED, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
    }
}
