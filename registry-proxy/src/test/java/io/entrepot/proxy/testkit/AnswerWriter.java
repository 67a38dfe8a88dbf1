package io.entrepot.proxy.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Puts an {@link Answer} on the wire, with all that is wrong with it. */
final class AnswerWriter {
    private static final int SLICE = 1 << 16;

    private final Socket socket;
    private final OutputStream out;
    private final long bytesPerSecond;

    /** @param bytesPerSecond of each answer's body, unless it says otherwise; 0 is no limit */
    AnswerWriter(Socket socket, long bytesPerSecond) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Whether the connection can be used again. */
    boolean write(Exchange exchange, Answer answer) throws IOException {
        answer.hold().ifPresent(AnswerWriter::await);
        sleep(answer.delay().toMillis());
        if (!answer.isSilent()) {
            if (!hasBody(exchange, answer)) {
                exchange.finish();
            }
            out.write(head(exchange, answer).getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            if (hasBody(exchange, answer)) {
                body(exchange, answer);
            } else if (answer.end() == Answer.End.CLOSE
                    && answer.header("Connection").isEmpty()) {
                // Only a body can be cut short or be longer than it was said to be.
                return true;
            }
        }
        if (answer.end() == Answer.End.RESET) {
            socket.setSoLinger(true, 0);
        }
        return answer.end() == Answer.End.KEEP_ALIVE;
    }

    private static boolean hasBody(Exchange exchange, Answer answer) {
        return !exchange.method().equals("HEAD") && answer.status() != 204 && answer.status() != 304;
    }

    private static String head(Exchange exchange, Answer answer) {
        exchange.answered(answer.status());
        String eol = answer.lineEnd();
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Scripted" + eol);
        for (Map.Entry<String, String> header : answer.headers()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append(eol);
        }
        switch (answer.framing()) {
            case LENGTH -> {
                if (answer.status() != 204) {
                    head.append("Content-Length: ")
                            .append(answer.contentLength())
                            .append(eol);
                }
            }
            case CHUNKED -> head.append("Transfer-Encoding: chunked").append(eol);
            case CLOSE -> head.append("Connection: close").append(eol);
        }
        return head.append(eol).toString();
    }

    private void body(Exchange exchange, Answer answer) throws IOException {
        byte[] body = answer.rawBody();
        boolean chunked = answer.framing() == Answer.Framing.CHUNKED;
        long end = Math.min(
                answer.isEndless() ? Long.MAX_VALUE : body.length, answer.cut().orElse(Long.MAX_VALUE));
        long stall = answer.stall().orElse(-1);
        long rate = answer.rate().orElse(bytesPerSecond);
        long at = 0;
        while (at < end) {
            if (at == stall) {
                await(answer.release());
            }
            int from = (int) (at % body.length);
            long most = rate == 0 ? SLICE : Math.max(1, Math.min(SLICE, rate / 20));
            long until = Math.min(Math.min(end - at, most), body.length - from);
            int n = (int) (stall > at ? Math.min(until, stall - at) : until);
            // Noted first: a client that has got the bytes may look at once.
            exchange.sent(at + n);
            if (at + n == end && !chunked) {
                exchange.finish();
            }
            if (chunked) {
                out.write((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            out.write(body, from, n);
            if (chunked) {
                out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
            out.flush();
            at += n;
            if (rate > 0) {
                sleep(Math.max(1, n * 1000L / rate));
            }
        }
        if (at == stall) {
            await(answer.release());
        }
        if (chunked && answer.cut().isEmpty()) {
            exchange.finish();
            out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new Stopped(e);
        }
    }

    private static void sleep(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("stopped").initCause(e);
        }
    }

    /** The server is stopped while it waits. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped(InterruptedException cause) {
            super(cause);
        }
    }
}
