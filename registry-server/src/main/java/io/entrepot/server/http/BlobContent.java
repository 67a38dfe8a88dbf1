package io.entrepot.server.http;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.wire.Conditions;
import io.entrepot.core.wire.HttpRanges;
import io.entrepot.server.http.BlobSender.Piece;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which parts of a blob answer a GET, and the headers that say so. */
record BlobContent(int status, String contentType, String contentRange, List<Piece> pieces) {
    private static final String BYTES = "application/octet-stream";
    private static final int BOUNDARY_DIGITS = 24;

    /** @throws io.entrepot.core.RegistryException.RangeUnsatisfiable and others as {@link HttpRanges#parse} does */
    static BlobContent of(HttpServerExchange exchange, Blob blob) {
        String range = Header.of(exchange, Headers.RANGE);
        if (range.isEmpty()) {
            return whole(blob);
        }
        if (!HttpRanges.applies(Header.of(exchange, Headers.IF_RANGE), Conditions.entityTag(blob.digest()))) {
            return whole(blob);
        }
        List<ByteRange> ranges = HttpRanges.parse(range, blob.size());
        if (ranges.isEmpty() || ranges.size() > 1 && blob.available() < blob.size()) {
            return whole(blob);
        }
        return ranges.size() == 1 ? part(blob, ranges.get(0)) : parts(blob, ranges);
    }

    private static BlobContent whole(Blob blob) {
        return new BlobContent(200, BYTES, "", List.of(Piece.of(new ByteRange(0, blob.size()))));
    }

    private static BlobContent part(Blob blob, ByteRange range) {
        return new BlobContent(206, BYTES, HttpRanges.satisfied(range, blob.size()), List.of(Piece.of(range)));
    }

    /** The boundary comes from the digest: the bytes that it would have to occur in are fixed by it. */
    private static BlobContent parts(Blob blob, List<ByteRange> ranges) {
        String boundary = blob.digest().hex().substring(0, BOUNDARY_DIGITS);
        List<Piece> pieces = new ArrayList<>(ranges.size() + 1);
        String separator = "--";
        for (ByteRange range : ranges) {
            String head = separator + boundary + "\r\nContent-Type: " + BYTES + "\r\nContent-Range: "
                    + HttpRanges.satisfied(range, blob.size()) + "\r\n\r\n";
            pieces.add(new Piece(ascii(head), range));
            separator = "\r\n--";
        }
        pieces.add(new Piece(ascii("\r\n--" + boundary + "--\r\n"), new ByteRange(0, 0)));
        return new BlobContent(206, "multipart/byteranges; boundary=" + boundary, "", pieces);
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Answers; the blob belongs to the sender then. */
    void send(HttpServerExchange exchange, Workers workers, Blob blob) {
        HeaderMap headers = exchange.getResponseHeaders();
        exchange.setStatusCode(status);
        headers.put(Headers.CONTENT_TYPE, contentType);
        if (!contentRange.isEmpty()) {
            headers.put(Headers.CONTENT_RANGE, contentRange);
        }
        exchange.setResponseContentLength(
                pieces.stream().mapToLong(Piece::length).sum());
        BlobSender.send(exchange, workers, blob, pieces);
    }
}
