package io.entrepot.proxy.remote;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** So many bytes of an answer's body, neither more nor less. Closing it closes the answer. */
final class ExactStream extends InputStream {
    private final Reply reply;
    private final InputStream body;
    private long skip;
    private long left;

    /** @param skip how many bytes come before those that are wanted */
    ExactStream(Reply reply, long skip, long length) {
        this.reply = reply;
        this.body = reply.body();
        this.skip = skip;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        if (skip > 0) {
            body.skipNBytes(skip);
            skip = 0;
        }
        int n = body.read(into, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw new EOFException("the remote registry sent " + left + " bytes too few");
        }
        left -= n;
        return n;
    }

    @Override
    public int available() throws IOException {
        return skip > 0 ? 0 : (int) Math.min(left, body.available());
    }

    @Override
    public void close() {
        reply.close();
    }
}
