package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.entrepot.core.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A conversation as text, held with a server over one connection.
 *
 * <pre>
 * # says what it shows
 * @layer = some text          a content; "@layer = pattern 2048" makes so many bytes
 * > PUT {upload}?digest={layer.sha256}
 * > Content-Type: text/plain  Host is added, and Content-Length if there is a body
 * >
 * > {layer}                   the body, its lines joined
 * < 201
 * < Location: {blob}          remembered if unknown, compared if known; {*} is anything
 * < !ETag                     must not be there
 * <
 * < {layer[0..3]}             the body, compared if there is this part; alone, the empty line means an empty body
 * </pre>
 *
 * A name stands for a content's bytes; {@code .sha256}, {@code .sha512} and {@code .size} behind it for what they are.
 * With {@code Transfer-Encoding: chunked} the body is sent in chunks of seven bytes.
 */
final class Conversation {
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "\\{(?<name>\\*|[a-z][a-z0-9-]*)(?<property>\\.[a-z0-9]+)?(?:\\[(?<from>\\d+)\\.\\.(?<to>\\d+)])?}");

    private final List<String> lines;
    private final Map<String, byte[]> known = new HashMap<>();
    private int next;

    Conversation(String text) {
        lines = text.lines().toList();
    }

    void hold(InetSocketAddress server) throws IOException {
        try (RawClient client = new RawClient(server)) {
            while (next < lines.size()) {
                String line = lines.get(next);
                if (line.startsWith("@")) {
                    define(line);
                    next++;
                } else if (line.startsWith(">")) {
                    int at = next + 1;
                    List<String> request = part('>');
                    boolean head = request.get(0).startsWith("HEAD ");
                    client.send(bytes(request));
                    check(part('<'), client.response(head), "line " + at + ": " + request.get(0));
                } else if (line.isBlank() || line.startsWith("#")) {
                    next++;
                } else {
                    fail("line " + (next + 1) + " is neither comment, content, request nor answer: " + line);
                }
            }
        }
    }

    private List<String> part(char mark) {
        List<String> part = new ArrayList<>();
        while (next < lines.size()
                && !lines.get(next).isEmpty()
                && lines.get(next).charAt(0) == mark) {
            String line = lines.get(next++).substring(1);
            part.add(line.startsWith(" ") ? line.substring(1) : line);
        }
        return part;
    }

    private void define(String line) {
        int equals = line.indexOf('=');
        String name = line.substring(1, equals).strip();
        String value = line.substring(equals + 1).strip();
        if (value.startsWith("pattern ")) {
            byte[] bytes = new byte[Integer.parseInt(value.substring(8))];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) ('a' + i % 23);
            }
            known.put(name, bytes);
        } else {
            known.put(name, expand(value));
        }
    }

    private byte[] bytes(List<String> request) throws IOException {
        int blank = request.indexOf("");
        List<String> head = blank < 0 ? request : request.subList(0, blank);
        byte[] body = blank < 0 ? new byte[0] : expand(String.join("\n", request.subList(blank + 1, request.size())));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < head.size(); i++) {
            text.append(latin1(expand(head.get(i))))
                    .append(i == 0 ? " HTTP/1.1\r\nHost: registry.example\r\n" : "\r\n");
        }
        boolean chunked = head.contains("Transfer-Encoding: chunked");
        if (!chunked && blank >= 0 && head.stream().noneMatch(h -> h.startsWith("Content-Length:"))) {
            text.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(chunked ? inChunks(body) : body);
        return out.toByteArray();
    }

    private static byte[] inChunks(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; at += 7) {
            int length = Math.min(7, body.length - at);
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, length);
            out.write(new byte[] {'\r', '\n'});
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private void check(List<String> expected, RawClient.Response response, String where) {
        String context = where + " was answered with\n" + response + "\n";
        assertThat(expected).as("an answer is expected to %s", where).isNotEmpty();
        assertThat(response.status())
                .as(context)
                .isEqualTo(Integer.parseInt(expected.get(0).strip()));
        int blank = expected.indexOf("");
        for (String header : expected.subList(1, blank < 0 ? expected.size() : blank)) {
            if (header.startsWith("!")) {
                assertThat(response.header(header.substring(1))).as(context).isEmpty();
            } else {
                int colon = header.indexOf(':');
                String name = header.substring(0, colon);
                assertThat(response.header(name))
                        .as(name + " is missing: " + context)
                        .isPresent();
                match(
                        header.substring(colon + 1).strip(),
                        response.header(name).orElseThrow(),
                        name + " of " + context);
            }
        }
        if (blank >= 0) {
            match(
                    String.join("\n", expected.subList(blank + 1, expected.size())),
                    response.text(),
                    "body of " + context);
        }
    }

    /** Compares, and remembers what the names that are not known yet stand for. */
    private void match(String expected, String actual, String context) {
        StringBuilder regex = new StringBuilder();
        List<String> learned = new ArrayList<>();
        Matcher m = PLACEHOLDER.matcher(expected);
        int at = 0;
        while (m.find()) {
            regex.append(Pattern.quote(expected.substring(at, m.start())));
            at = m.end();
            if (m.group("name").equals("*")) {
                regex.append(".*");
            } else if (known.containsKey(m.group("name"))) {
                regex.append(Pattern.quote(latin1(value(m))));
            } else {
                regex.append("(.+)");
                learned.add(m.group("name"));
            }
        }
        regex.append(Pattern.quote(expected.substring(at)));
        Matcher found = Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(actual);
        if (!found.matches()) {
            assertThat(actual).as(context).isEqualTo(expected);
        }
        for (int i = 0; i < learned.size(); i++) {
            known.put(learned.get(i), found.group(i + 1).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private byte[] expand(String text) {
        StringBuilder out = new StringBuilder();
        Matcher m = PLACEHOLDER.matcher(text);
        int at = 0;
        while (m.find()) {
            out.append(text, at, m.start()).append(latin1(value(m)));
            at = m.end();
        }
        return out.append(text.substring(at)).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] value(Matcher m) {
        byte[] bytes = known.get(m.group("name"));
        assertThat(bytes).as("nothing is called " + m.group()).isNotNull();
        byte[] value = property(bytes, m.group("property") == null ? "" : m.group("property"));
        return m.group("from") == null
                ? value
                : Arrays.copyOfRange(value, Integer.parseInt(m.group("from")), Integer.parseInt(m.group("to")) + 1);
    }

    private static byte[] property(byte[] bytes, String name) {
        return switch (name) {
            case "" -> bytes;
            case ".size" -> Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII);
            case ".sha256" -> digest(Digest.Algorithm.SHA256, bytes);
            case ".sha512" -> digest(Digest.Algorithm.SHA512, bytes);
            default -> throw new IllegalArgumentException("contents have no " + name);
        };
    }

    private static byte[] digest(Digest.Algorithm algorithm, byte[] bytes) {
        return Digest.of(algorithm, ByteBuffer.wrap(bytes)).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
