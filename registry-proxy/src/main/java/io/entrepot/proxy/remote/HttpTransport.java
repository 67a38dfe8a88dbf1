package io.entrepot.proxy.remote;

import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.Challenge;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** A {@link Transport} over HTTP/1.1, for one upstream with one set of credentials. */
final class HttpTransport implements Transport {
    private final RootUrl root;
    private final RemoteOptions options;
    private final InstantSource clock;
    private final Hops hops;
    private final TokenEndpoint endpoint;
    private final Login login;

    /**
     * @throws IllegalArgumentException with a sentence if {@code root} cannot be a registry's */
    HttpTransport(URI root, RemoteOptions options) {
        this(root, options, InstantSource.system());
    }

    HttpTransport(URI root, RemoteOptions options, InstantSource clock) {
        this.root = RootUrl.of(root);
        this.options = options;
        this.clock = clock;
        this.hops = new Hops(this.root, options);
        this.endpoint = new TokenEndpoint(hops, options, clock);
        this.login = new Login(this.root, options, endpoint, clock);
    }

    @Override
    public Reply send(Outgoing request) {
        HttpUrl url;
        try {
            url = root.at(request.target());
        } catch (IllegalArgumentException e) {
            throw Hops.unavailable(root.url().host() + " led to what is no http or https URL", null);
        }
        if (!url.isHttps() && root.origin().isHttps()) {
            throw Hops.unavailable(root.url().host() + " led from https to http: that is not followed", null);
        }
        String kind = kind(url.encodedPath());
        try {
            Response response = isOwn(url)
                    ? asOurselves(request, url, kind)
                    : hops.follow(ask(request, url, kind, Optional.empty()));
            return new OkReply(foreign(request, kind, response), kind, options);
        } catch (RegistryException.Unavailable e) {
            options.watch().failed(request.method(), kind, e);
            options.watch().received(kind, 0, OptionalInt.empty());
            throw e;
        }
    }

    /** Asks again with what it takes: a token in place of an old one, credentials in place of those that have ended. */
    private Response asOurselves(Outgoing request, HttpUrl url, String kind) {
        Optional<Login.Shown> shown = login.remembered(request.scopes());
        Response answer = sent(request, url, kind, shown);
        List<Challenge> challenges = List.of();
        boolean replaced = false;
        for (int again = 0; again < 2 && isRefused(answer, shown); again++) {
            boolean credential = shown.filter(Login.Shown::isCredential).isPresent();
            if (again > 0 && !credential) {
                // Fresh as it is, the token is not good for this: nothing else that we have would be.
                break;
            }
            challenges = challenges(answer, challenges);
            shown.ifPresent(login::forget);
            if (credential) {
                Optional<Credential> before = shown.get().credential();
                if (replaced || login.instead(before).equals(before)) {
                    throw refused(before);
                }
                replaced = true;
            }
            shown = Optional.of(login.answer(challenges, request.scopes()));
            answer = sent(request, url, kind, shown);
        }
        return judged(answer, shown);
    }

    private boolean isRefused(Response answer, Optional<Login.Shown> shown) {
        if (!isOwn(answer.request().url())) {
            return false;
        }
        if (shown.isPresent() && answer.request().header("Authorization") == null) {
            // It led elsewhere, and from there back to us as a stranger.
            return false;
        }
        if (answer.code() == 401) {
            // A token that was configured may be right, and not meant for this.
            return shown.isEmpty() || !shown.get().isCredential() || !saysInsufficient(answer);
        }
        return shown.isPresent() && hasExpired(answer, shown.get());
    }

    private static boolean saysInsufficient(Response answer) {
        return Challenge.parse(answer.headers("WWW-Authenticate")).stream()
                .anyMatch(challenge -> challenge instanceof Challenge.Bearer bearer
                        && bearer.error()
                                .filter(Challenge.Bearer.INSUFFICIENT_SCOPE::equals)
                                .isPresent());
    }

    /** Those of this answer, which is closed; if it has none, those that were known, or that a ping gets. */
    private List<Challenge> challenges(Response answer, List<Challenge> before) {
        List<Challenge> challenges = Challenge.parse(answer.headers("WWW-Authenticate"));
        answer.close();
        if (!challenges.isEmpty()) {
            return challenges;
        }
        return before.isEmpty() ? pinged() : before;
    }

    /** The last word, unless it was said to somebody else than to us. */
    private Response judged(Response answer, Optional<Login.Shown> shown) {
        if (!isOwn(answer.request().url()) || shown.isEmpty() || answer.code() != 401 && answer.code() != 403) {
            return answer;
        }
        if (shown.get().stranger().isPresent()) {
            answer.close();
            throw login.notForStrangers(shown.get().stranger().get());
        }
        if (shown.get().isCredential() && isRefused(answer, shown)) {
            answer.close();
            throw refused(shown.get().credential());
        }
        return answer;
    }

    private RegistryException.Unauthorized refused(Optional<Credential> credential) {
        String message = root.url().host() + " refused the configured credentials: check them";
        return credential.map(c -> login.refused(c, message)).orElseGet(() -> TokenEndpoint.wrong(message));
    }

    /** Some registries say 403 when the password's time is over, and say so only in the body, which a HEAD has not. */
    private boolean hasExpired(Response response, Login.Shown shown) {
        if (response.code() != 403 || !isOwn(response.request().url())) {
            return false;
        }
        if (!response.request().method().equals("HEAD")) {
            return saysExpired(response);
        }
        if (!shown.isCredential()) {
            return false;
        }
        try (Response ping = hops.follow(ping(Optional.of(shown.header())))) {
            return ping.code() == 403 && saysExpired(ping);
        }
    }

    private boolean saysExpired(Response response) {
        InputStream peeked = response.body().source().peek().inputStream();
        // A refusal of a blob has no deadline that ends it: what trickles is given up like any body.
        try (WatchedBody body = new WatchedBody(peeked, root.url().host(), options, bytes -> {})) {
            String text = new String(body.readNBytes(4096), StandardCharsets.UTF_8);
            return text.toLowerCase(Locale.ROOT).contains("token has expired");
        } catch (IOException e) {
            // Whoever reads the body will hear of it.
            return false;
        }
    }

    private List<Challenge> pinged() {
        try (Response ping = hops.follow(ping(Optional.empty()))) {
            return isOwn(ping.request().url()) ? Challenge.parse(ping.headers("WWW-Authenticate")) : List.of();
        }
    }

    private Hops.Ask ping(Optional<String> authorization) {
        HttpUrl url = root.at(URI.create("/v2/"));
        return new Hops.Ask("GET", url, Map.of(), Optional.empty(), authorization, true);
    }

    /** Where we were redirected to may want a token of its own: it gets to see nothing of ours. */
    private Response foreign(Outgoing request, String kind, Response response) {
        HttpUrl url = response.request().url();
        if (isOwn(url) || response.code() != 401 || !request.method().matches("GET|HEAD")) {
            return response;
        }
        for (Challenge challenge : Challenge.parse(response.headers("WWW-Authenticate"))) {
            HttpUrl realm = challenge instanceof Challenge.Bearer bearer ? url.resolve(bearer.realm()) : null;
            if (realm != null
                    && challenge instanceof Challenge.Bearer bearer
                    && Origin.of(realm).equals(Origin.of(url))) {
                response.close();
                List<String> scopes = Login.merged(bearer.scope(), List.of());
                Tokens.Token token = endpoint.exchange(realm, bearer, scopes, Optional.empty());
                return hops.follow(ask(request, url, kind, Optional.of("Bearer " + token.value())));
            }
        }
        return response;
    }

    private Hops.Ask ask(Outgoing request, HttpUrl url, String kind, Optional<String> authorization) {
        boolean bytes = kind.equals("blob") || kind.equals("upload");
        return new Hops.Ask(
                request.method(),
                url,
                request.headers(),
                request.body(),
                authorization,
                !bytes || request.method().equals("HEAD"));
    }

    private Response sent(Outgoing request, HttpUrl url, String kind, Optional<Login.Shown> shown) {
        return hops.follow(ask(request, url, kind, shown.map(Login.Shown::header)), response -> {
            if (isOwn(response.request().url())) {
                RemoteWatch.Budget budget = Budgets.read(response.headers(), clock.instant());
                options.watch().answered(request.method(), kind, response.code(), budget);
            }
        });
    }

    private boolean isOwn(HttpUrl url) {
        return Origin.of(url).equals(root.origin());
    }

    private static String kind(String path) {
        return path.contains("/blobs/uploads/")
                ? "upload"
                : path.contains("/blobs/")
                        ? "blob"
                        : path.contains("/manifests/")
                                ? "manifest"
                                : path.endsWith("/tags/list")
                                                || path.endsWith("/_catalog")
                                                || path.contains("/referrers/")
                                        ? "list"
                                        : "other";
    }

    @Override
    public void close() {
        hops.close();
    }
}
