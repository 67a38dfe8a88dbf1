package io.entrepot.server.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes a body of {@code multipart/byteranges} apart. */
final class Multipart {
    private Multipart() {}

    static List<byte[]> parts(RawClient.Response response) {
        String type = response.header("Content-Type").orElseThrow();
        String boundary = "--" + type.substring(type.indexOf("boundary=") + 9);
        String text = response.text();
        List<byte[]> parts = new ArrayList<>();
        int at = text.indexOf(boundary);
        while (!text.startsWith(boundary + "--", at)) {
            int body = text.indexOf("\r\n\r\n", at) + 4;
            at = text.indexOf("\r\n" + boundary, body);
            parts.add(text.substring(body, at).getBytes(StandardCharsets.ISO_8859_1));
            at += 2;
        }
        return parts;
    }
}
