package io.entrepot.auth.token;

import com.google.gson.JsonObject;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Optional;

/**
 * A signed token in its compact form (RFC 7515), taken apart but not yet believed. What has a second reading, in its
 * base64 or its JSON, is no token.
 */
final class CompactToken {
    /** As many characters as an {@code Authorization} may have. */
    static final int MAX_CHARACTERS = 16 << 10;

    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final String text;
    private final int signatureDot;
    private final JsonObject header;
    private final JsonObject payload;

    private CompactToken(String text, int signatureDot, JsonObject header, JsonObject payload) {
        this.text = text;
        this.signatureDot = signatureDot;
        this.header = header;
        this.payload = payload;
    }

    /** The header of what may be a token, without a look at the rest of it. */
    static Optional<JsonObject> header(String text) {
        int dot = text.length() > MAX_CHARACTERS ? -1 : text.indexOf('.');
        return dot <= 0 ? Optional.empty() : decode(text, 0, dot).flatMap(StrictJson::read);
    }

    static Optional<CompactToken> parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first <= 0 || second < 0 || text.indexOf('.', second + 1) >= 0 || second == text.length() - 1) {
            return Optional.empty();
        }
        if (decode(text, second + 1, text.length()).isEmpty()) {
            return Optional.empty();
        }
        return header(text)
                .flatMap(header -> decode(text, first + 1, second)
                        .flatMap(StrictJson::read)
                        .map(payload -> new CompactToken(text, second, header, payload)));
    }

    /** Only the one way to write these bytes is taken: every token has one text, and one hash. */
    private static Optional<byte[]> decode(String text, int from, int to) {
        String part = text.substring(from, to);
        try {
            byte[] bytes = DECODER.decode(part);
            return ENCODER.encodeToString(bytes).equals(part) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    JsonObject header() {
        return header;
    }

    JsonObject payload() {
        return payload;
    }

    boolean isSigned(JWSVerifier verifier) {
        try {
            JWSHeader parsed = JWSHeader.parse(new Base64URL(text.substring(0, text.indexOf('.'))));
            byte[] signed = text.substring(0, signatureDot).getBytes(StandardCharsets.US_ASCII);
            return verifier.verify(parsed, signed, new Base64URL(text.substring(signatureDot + 1)));
        } catch (ParseException | JOSEException e) {
            // It has no good signature; who shows such a thing need not be told what is wrong with it.
            return false;
        }
    }
}
