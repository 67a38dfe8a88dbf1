package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A client that sends what it likes, a connection for each request. It holds every answer to what holds for all: its
 * head cannot be broken out of, an error is said in JSON, and nothing in it tells of the inside of the server.
 */
record Stranger(int port) {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final Pattern INSIDE = Pattern.compile(
            "Exception|Throwable|\\.java\\b|\\bjava\\.|io\\.entrepot|undertow|xnio|sqlite|\\bat [a-z]+\\.[a-z]"
                    + "|\\b(SELECT|INSERT|UPDATE|FROM|WHERE) |/tmp/|/proc/|entrepot\\.db",
            Pattern.CASE_INSENSITIVE);

    /** What came back; status 0 if that was nothing. */
    record Answer(int status, String head, String body) {
        boolean has(String headerLine) {
            return ("\n" + head.toLowerCase(Locale.ROOT)).contains("\n" + headerLine.toLowerCase(Locale.ROOT));
        }

        /** Of the first header of this name; empty if there is none. */
        String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    Answer ask(String method, String target, String... headers) throws IOException {
        return send(method, target, "", headers);
    }

    /** With a body, if it is not empty or the method should have one. Text is sent as the bytes of ISO 8859-1. */
    Answer send(String method, String target, String body, String... headers) throws IOException {
        StringBuilder request =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty() || method.startsWith("P")) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        Answer answer = raw(request.append("\r\n").append(body).toString());
        check(method + " " + target, answer, method.equals("HEAD"));
        return answer;
    }

    private Answer raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            } catch (SocketException e) {
                // Refused before it was all sent: the answer is there.
            }
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            int end = all.indexOf("\r\n\r\n");
            return end < 0
                    ? new Answer(0, all, "")
                    : new Answer(Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
        }
    }

    private static void check(String request, Answer answer, boolean toHead) {
        assertThat(answer.status()).as(request).isPositive();
        assertThat(answer.head().replace("\r\n", "")).as(request).doesNotContain("\r", "\n");
        if (answer.status() >= 400) {
            assertThat(answer.body()).as(request).doesNotContainPattern(INSIDE);
            if (!toHead && !answer.body().isEmpty()) {
                assertThat(answer.head()).as(request).contains("Content-Type: application/json");
                assertThat(answer.body())
                        .as(request)
                        .startsWith("{\"errors\":[{\"code\":\"")
                        .endsWith("}]}" + (answer.body().endsWith("\n") ? "\n" : ""));
            }
        }
    }
}
