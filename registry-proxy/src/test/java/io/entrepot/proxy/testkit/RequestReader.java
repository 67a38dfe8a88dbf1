package io.entrepot.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads requests of HTTP/1.1 from a connection, bodies included. Believes what it reads: its clients are ours. */
final class RequestReader {
    private static final int MOST = 1 << 20;

    private final InputStream in;
    private final OutputStream out;
    private final int connection;

    RequestReader(InputStream in, OutputStream out, int connection) {
        this.in = in;
        this.out = out;
        this.connection = connection;
    }

    /** Empty if the connection has ended. */
    Optional<Exchange> next() throws IOException {
        Optional<String> start = line();
        if (start.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = start.get().split(" ", 3);
        if (parts.length != 3) {
            throw new IOException("no request line: " + start.get());
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        String line = required();
        while (!line.isEmpty()) {
            int colon = line.indexOf(':');
            headers.add(new SimpleImmutableEntry<>(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
            line = required();
        }
        return Optional.of(new Exchange(parts[0], parts[1], headers, body(headers), connection));
    }

    private byte[] body(List<Map.Entry<String, String>> headers) throws IOException {
        if (value(headers, "Expect").isPresent()) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
        if (value(headers, "Transfer-Encoding").isPresent()) {
            return chunks();
        }
        int length = value(headers, "Content-Length").map(Integer::parseInt).orElse(0);
        return exactly(length);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(required().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                while (!required().isEmpty()) {
                    // Trailers mean nothing here.
                }
                return body.toByteArray();
            }
            body.writeBytes(exactly(size));
            required();
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a request broke off");
        }
        return bytes;
    }

    private static Optional<String> value(List<Map.Entry<String, String>> headers, String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private String required() throws IOException {
        return line().orElseThrow(() -> new EOFException("a request broke off"));
    }

    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (line.size() < MOST) {
            int b = in.read();
            if (b < 0) {
                return Optional.empty();
            }
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
            }
            line.write(b);
        }
        throw new IOException("a line is too long");
    }
}
