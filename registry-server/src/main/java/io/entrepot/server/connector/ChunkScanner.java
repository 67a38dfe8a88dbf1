package io.entrepot.server.connector;

import java.nio.ByteBuffer;

/**
 * Reads along with a chunked body and refuses every framing that two programs could understand differently: bare line
 * feeds, sizes that are not plain hexadecimal, more or less than CRLF after a chunk's data; and trailers or chunk
 * extensions beyond their limit. Undertow, which decodes the body, is more lenient.
 */
final class ChunkScanner {
    private static final int MAX_SIZE_DIGITS = 15;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        DONE
    }

    private final int maxLineBytes;
    private State state = State.SIZE;
    private long size;
    private int digits;
    private int lineBytes;

    /** @param maxLineBytes most for one chunk's size line, and for all trailers together */
    ChunkScanner(int maxLineBytes) {
        this.maxLineBytes = maxLineBytes;
    }

    /** Whether the body has ended; what follows it is the next request and none of ours. */
    boolean done() {
        return state == State.DONE;
    }

    /** The position in {@code bytes} up to which they belong to the body; -1 if they are not a chunked body. */
    int scan(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to && state != State.DONE) {
            if (state == State.DATA) {
                long skipped = Math.min(size, to - at);
                size -= skipped;
                at += (int) skipped;
                if (size == 0) {
                    state = State.DATA_CR;
                }
            } else if (!step(bytes.get(at++) & 0xff)) {
                return -1;
            }
        }
        return at;
    }

    private boolean step(int b) {
        return switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> within(b) && (b == '\r' ? to(State.SIZE_LF) : text(b));
            case SIZE_LF -> b == '\n' && endOfSize();
            case DATA_CR -> b == '\r' && to(State.DATA_LF);
            case DATA_LF -> b == '\n' && startOfSize();
            case TRAILER_START -> within(b) && (b == '\r' ? to(State.LAST_LF) : token(b) && to(State.TRAILER_NAME));
            case TRAILER_NAME -> within(b) && (b == ':' ? to(State.TRAILER_VALUE) : token(b));
            case TRAILER_VALUE -> within(b) && (b == '\r' ? to(State.TRAILER_LF) : text(b));
            case TRAILER_LF -> b == '\n' && to(State.TRAILER_START);
            case LAST_LF -> b == '\n' && to(State.DONE);
            case DATA, DONE -> throw new IllegalStateException(state.name());
        };
    }

    private boolean size(int b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            size = size * 16 + digit;
            return ++digits <= MAX_SIZE_DIGITS;
        }
        return digits > 0 && (b == '\r' ? to(State.SIZE_LF) : b == ';' && to(State.EXTENSION));
    }

    private boolean endOfSize() {
        lineBytes = 0;
        return to(size == 0 ? State.TRAILER_START : State.DATA);
    }

    private boolean startOfSize() {
        digits = 0;
        return to(State.SIZE);
    }

    private boolean within(int b) {
        return ++lineBytes <= maxLineBytes && b != 0;
    }

    private boolean to(State next) {
        state = next;
        return true;
    }

    private static boolean text(int b) {
        return b == '\t' || (b >= ' ' && b != 0x7f);
    }

    private static boolean token(int b) {
        return b > ' ' && b < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(b) < 0;
    }
}
