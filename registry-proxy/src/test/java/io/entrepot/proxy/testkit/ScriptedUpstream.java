package io.entrepot.proxy.testkit;

import io.entrepot.core.Digest;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.wire.Endpoint;
import io.entrepot.core.wire.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * A registry of other people for tests.
 *
 * <pre>{@code
 * try (ScriptedUpstream upstream = new ScriptedUpstream()) {
 *     upstream.image("library/nginx", "1", config, layer);
 *     upstream.on(Match.get("/blobs/"), 1, Fault.cutAt(1_000));
 *     …
 *     assertThat(upstream.count("GET", "/blobs/")).isEqualTo(2);
 * }
 * }</pre>
 */
public final class ScriptedUpstream extends ScriptedServer {
    private final UpstreamContent content;
    private final Truth truth;
    private volatile String prefix = "";
    private volatile Gate gate = Gate.OPEN;
    private volatile Optional<ScriptedTokenServer> tokensHere = Optional.empty();

    public ScriptedUpstream() {
        this(new UpstreamContent());
    }

    /** With the content of another one: its mirror, or its CDN. */
    public ScriptedUpstream(UpstreamContent content) {
        this(content, Optional.empty());
    }

    public ScriptedUpstream(UpstreamContent content, Optional<SSLContext> tls) {
        super(tls);
        this.content = content;
        this.truth = new Truth(content.registry());
    }

    public UpstreamContent content() {
        return content;
    }

    /** The registry behind it, for tests that push to it. */
    public Registry origin() {
        return content.registry();
    }

    /** An image with its blobs. */
    public Sample image(String repository, String reference, Content config, Content... layers) {
        return content.image(repository, reference, config, layers);
    }

    /** How many bytes of this blob or manifest were sent by digest, in answer to all GETs together. */
    public long bodyBytes(Digest digest) {
        return requests().stream()
                .filter(e -> e.method().equals("GET") && e.path().endsWith("/" + digest))
                .filter(e -> e.status() == 200 || e.status() == 206)
                .mapToLong(Exchange::bodyBytesSent)
                .sum();
    }

    /** Its root lies below this path, such as {@code /artifactory/api/docker/x}. */
    public ScriptedUpstream under(String path) {
        prefix = path;
        return this;
    }

    /** Ranges are ignored: the answer is the whole blob. */
    public ScriptedUpstream withoutRanges() {
        truth.withoutRanges();
        return this;
    }

    /** Uploads are at URLs of which nothing can be guessed, absolute and with a query that changes at every step. */
    public ScriptedUpstream opaqueUploads() {
        truth.pushes().opaque(path -> url(prefix + path));
        return this;
    }

    // Who may come in

    /** Whoever has this name and password. */
    public ScriptedUpstream requireBasic(String user, String password) {
        gate = Gate.basic(user, password);
        return this;
    }

    /** Whoever has a token that is good for what he asks for. */
    public ScriptedUpstream requireBearer(ScriptedTokenServer tokens) {
        return requireBearer(tokens, tokens.realm());
    }

    /** The same, where the token endpoint is ours too: {@code /token}, which nobody needs a token for. */
    public ScriptedUpstream requireBearerOfOurOwn(ScriptedTokenServer tokens) {
        tokensHere = Optional.of(tokens);
        return requireBearer(tokens, url("/token"));
    }

    private ScriptedUpstream requireBearer(ScriptedTokenServer tokens, String realm) {
        gate = new Gate(
                request -> tokens.grants(request.header("Authorization").orElse(""), needed(request)),
                request -> List.of("Bearer realm=\"" + realm + "\",service=\"scripted\""
                        + needed(request)
                                .map(scope -> ",scope=\"" + scope + "\"")
                                .orElse("")));
        return this;
    }

    /** The lines of {@code WWW-Authenticate}, from those that would be right. */
    public ScriptedUpstream challengeWith(Function<List<String>, List<String>> lines) {
        Gate before = gate;
        gate = before.challenging(request -> lines.apply(before.challenger().challenges(request)));
        return this;
    }

    /** Only {@code /v2/} says how to log in. */
    public ScriptedUpstream challengeOnPingOnly() {
        Gate before = gate;
        gate = before.challenging(
                request -> request.path().endsWith("/v2/") ? before.challenger().challenges(request) : List.of());
        return this;
    }

    private Optional<Scope> needed(Exchange request) {
        try {
            return Endpoint.parse(request.method(), below(request).orElse(""), request.query())
                    .scopes(request.method())
                    .stream()
                    .findFirst();
        } catch (RegistryException e) {
            return Optional.empty();
        }
    }

    private Optional<String> below(Exchange request) {
        return request.path().startsWith(prefix + "/")
                ? Optional.of(request.path().substring(prefix.length()))
                : Optional.empty();
    }

    @Override
    Answer truth(Exchange request) {
        if (tokensHere.isPresent() && request.path().equals("/token")) {
            return tokensHere.get().truth(request);
        }
        Optional<String> path = below(request);
        if (path.isEmpty()) {
            return new Answer(404);
        }
        return gate.refusal(request).orElseGet(() -> truth.to(request, path.get()));
    }
}
