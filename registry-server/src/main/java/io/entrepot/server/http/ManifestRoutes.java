package io.entrepot.server.http;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reference;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.wire.Conditions;
import io.entrepot.core.wire.Endpoint;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Optional;

/** Manifests: read, put and deleted. */
final class ManifestRoutes {
    /** What a digest names never changes; who may see it might. */
    private static final String FOREVER = "private, max-age=31536000, immutable";

    private ManifestRoutes() {}

    static void get(Turn turn, Endpoint.ManifestAt at) {
        turn.read(call -> {
            Manifest manifest = turn.repository(at.name(), call).manifest(at.reference());
            HttpServerExchange exchange = turn.exchange();
            headers(exchange.getResponseHeaders(), at.reference(), manifest.digest());
            turn.describe(call);
            if (Answers.notModified(exchange, manifest.digest())) {
                Answers.empty(exchange, 304);
            } else {
                Answers.bytes(exchange, 200, manifest.mediaType().value(), manifest.bytes());
            }
        });
    }

    /** containerd asks this before it pushes, and pushes nothing if it is told of an error, or of what it has itself. */
    static void head(Turn turn, Endpoint.ManifestAt at) {
        turn.read(call -> {
            Call asked = call.with(turn.purpose(at.name()));
            Descriptor manifest = turn.repository(at.name(), asked).resolve(at.reference());
            HttpServerExchange exchange = turn.exchange();
            HeaderMap headers = exchange.getResponseHeaders();
            headers(headers, at.reference(), manifest.digest());
            turn.describe(call);
            if (Answers.notModified(exchange, manifest.digest())) {
                Answers.empty(exchange, 304);
                return;
            }
            headers.put(Headers.CONTENT_TYPE, manifest.mediaType().value());
            exchange.setResponseContentLength(manifest.size());
            Answers.empty(exchange, 200);
        });
    }

    private static void headers(HeaderMap headers, Reference reference, Digest digest) {
        Answers.digest(headers, digest);
        Answers.inert(headers);
        headers.put(Headers.CACHE_CONTROL, reference instanceof Digest ? FOREVER : "no-cache");
    }

    /** Strangers could fill the memory for bodies, so that nobody's manifests would find room: they are refused first. */
    static void put(Turn turn, Endpoint.ManifestAt at) {
        turn.requirePushing(at.name());
        MemoryBody.receive(
                turn,
                Manifest.MAX_BYTES,
                bytes -> turn.durable(call -> {
                    Manifest manifest = Manifest.of(mediaType(turn.exchange(), bytes), algorithm(at), bytes);
                    PutOptions options = options(at).obeying(rule(turn.exchange()));
                    turn.repository(at.name(), call).put(manifest, options);
                    options.tags().forEach(tag -> turn.note("tag.set", at.name(), tag));
                    created(turn.exchange(), at, manifest);
                }));
    }

    private static MediaType mediaType(HttpServerExchange exchange, byte[] bytes) {
        String header = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
        if (header == null) {
            return Manifest.typeOf(bytes);
        }
        int parameters = header.indexOf(';');
        return new MediaType((parameters < 0 ? header : header.substring(0, parameters)).trim());
    }

    private static Digest.Algorithm algorithm(Endpoint.ManifestAt at) {
        return wanted(at).map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
    }

    private static Optional<Digest> wanted(Endpoint.ManifestAt at) {
        return at.reference() instanceof Digest digest ? Optional.of(digest) : at.digest();
    }

    /** A digest in the query of a tag is the target, and the tag follows it. */
    private static PutOptions options(Endpoint.ManifestAt at) {
        if (at.digest().isPresent() && at.reference() instanceof Tag tag) {
            return new PutOptions(at.digest().get(), List.of(tag), TagRule.ANY);
        }
        return new PutOptions(at.reference(), at.tags(), TagRule.ANY);
    }

    private static TagRule rule(HttpServerExchange exchange) {
        return Conditions.ofPush(Header.of(exchange, Headers.IF_MATCH), Header.of(exchange, Headers.IF_NONE_MATCH));
    }

    private static void created(HttpServerExchange exchange, Endpoint.ManifestAt at, Manifest manifest) {
        HeaderMap headers = exchange.getResponseHeaders();
        headers.put(Headers.LOCATION, new Endpoint.ManifestAt(at.name(), manifest.digest()).render());
        headers.put(Answers.CONTENT_DIGEST, manifest.digest().toString());
        manifest.links()
                .subject()
                .ifPresent(subject ->
                        headers.put(Answers.OCI_SUBJECT, subject.digest().toString()));
        at.tags().forEach(tag -> headers.add(Answers.OCI_TAG, tag.name()));
        Answers.empty(exchange, 201);
    }

    static void delete(Turn turn, Endpoint.ManifestAt at) {
        turn.durable(call -> {
            turn.repository(at.name(), call).delete(at.reference());
            turn.note(at.reference() instanceof Tag ? "tag.delete" : "manifest.delete", at.name(), at.reference());
            Answers.empty(turn.exchange(), 202);
        });
    }
}
