package io.entrepot.proxy.remote;

import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.RegistryException.Unauthorized.Reason;
import io.entrepot.core.wire.Challenge;
import io.entrepot.core.wire.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** What to show the registry, and what it was asked to be shown. Knows its own origin only. */
final class Login {
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final Duration REFUSED_FOR = Duration.ofSeconds(60);

    /**
     * An {@code Authorization}. Prints none of it.
     *
     * @param credential what we had when it was made
     * @param token its place in the cache, if it is one; otherwise it is the credential itself
     * @param stranger the token endpoint that was not shown the credential, although we have one
     */
    record Shown(
            String header, Optional<Credential> credential, Optional<Tokens.Key> token, Optional<Origin> stranger) {
        boolean isCredential() {
            return token.isEmpty();
        }

        @Override
        public String toString() {
            return "authorization";
        }
    }

    /** Which token was good for something, while we had this credential. */
    private record Place(Optional<Credential> credential, Tokens.Key key, Optional<Origin> stranger) {
        Shown shown(Tokens.Token token) {
            return new Shown("Bearer " + token.value(), credential, Optional.of(key), stranger);
        }
    }

    private record Refusal(Credential credential, Instant until, String message) {}

    private final RootUrl root;
    private final CredentialProvider provider;
    private final Realms realms;
    private final TokenEndpoint endpoint;
    private final InstantSource clock;
    private final Tokens tokens;
    private final SingleFlight<Optional<Credential>, Optional<Credential>> refreshes = new SingleFlight<>();
    // All guarded by this.
    private final Map<List<Scope>, Place> places = new LinkedHashMap<>(16, 0.75f, true);
    private boolean basic;
    private Optional<Refusal> refusal = Optional.empty();
    private Optional<Credential> last = Optional.empty();

    Login(RootUrl root, RemoteOptions options, TokenEndpoint endpoint, InstantSource clock) {
        this.root = root;
        this.provider = options.credentials();
        this.realms = new Realms(root.origin(), options.realms());
        this.endpoint = endpoint;
        this.clock = clock;
        this.tokens = new Tokens(clock);
    }

    /** For a first try: nothing, or what worked before. */
    Optional<Shown> remembered(List<Scope> scopes) {
        Optional<Credential> credential = credential();
        Optional<Place> place;
        boolean asItIs;
        synchronized (this) {
            asItIs = basic || credential.orElse(null) instanceof Credential.Bearer;
            place = Optional.ofNullable(places.get(scopes));
        }
        if (asItIs) {
            return credential.flatMap(this::itself);
        }
        // One that was given for another credential says nothing of this one.
        return place.filter(known -> known.credential.equals(credential))
                .flatMap(known -> tokens.cached(known.key).map(known::shown));
    }

    /**
     * For the next try.
     *
     * @throws Unauthorized if we have nothing that would do, or if it was refused a short while ago
     */
    Shown answer(List<Challenge> challenges, List<Scope> scopes) {
        Optional<Credential> credential = credential();
        String host = root.url().host();
        if (credential.orElse(null) instanceof Credential.Bearer bearer) {
            return itself(bearer).orElseThrow();
        }
        for (Challenge challenge : challenges) {
            if (challenge instanceof Challenge.Bearer bearer) {
                return token(bearer, scopes, credential);
            }
        }
        if (challenges.isEmpty()) {
            throw TokenEndpoint.nobody(host + " asks for a login of a kind that is not known here");
        }
        synchronized (this) {
            basic = true;
        }
        return credential
                .flatMap(this::itself)
                .orElseThrow(() -> TokenEndpoint.nobody(host + " asks for a user and password: configure some"));
    }

    private Optional<Shown> itself(Credential credential) {
        checkRefusal(credential);
        Optional<String> header = credential instanceof Credential.Bearer bearer
                ? Optional.of("Bearer " + bearer.token())
                : TokenEndpoint.basic(credential);
        if (header.isPresent() && !header.get().chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw TokenEndpoint.wrong("the configured token for " + root.url().host()
                    + " cannot be sent: it holds a line break, or what is not ASCII");
        }
        return header.map(value -> new Shown(value, Optional.of(credential), Optional.empty(), Optional.empty()));
    }

    private Shown token(Challenge.Bearer challenge, List<Scope> scopes, Optional<Credential> credential) {
        HttpUrl realm = root.url().resolve(challenge.realm());
        String host = root.url().host();
        if (realm == null) {
            throw Hops.unavailable(host + " names a token endpoint that is no http or https URL", null);
        }
        if (root.origin().isHttps() && !realm.isHttps()) {
            throw Hops.unavailable(
                    host + " names " + Origin.of(realm) + " as its token endpoint: over http none is asked", null);
        }
        if (!realms.mayHaveCredentials(realm)) {
            return strangers(realm, challenge, scopes, credential);
        }
        try {
            return exchanged(realm, challenge, scopes, credential);
        } catch (Unauthorized e) {
            if (credential.isEmpty() || e.reason() != Reason.WRONG_CREDENTIALS) {
                throw e;
            }
            Optional<Credential> other = instead(credential);
            if (other.isEmpty() || other.equals(credential)) {
                throw refused(credential.get(), String.valueOf(e.getMessage()));
            }
            return exchangedAgain(realm, challenge, scopes, other.get());
        }
    }

    private Shown exchangedAgain(HttpUrl realm, Challenge.Bearer challenge, List<Scope> scopes, Credential credential) {
        try {
            return exchanged(realm, challenge, scopes, Optional.of(credential));
        } catch (Unauthorized e) {
            throw e.reason() == Reason.WRONG_CREDENTIALS ? refused(credential, String.valueOf(e.getMessage())) : e;
        }
    }

    private Shown exchanged(
            HttpUrl realm, Challenge.Bearer challenge, List<Scope> scopes, Optional<Credential> credential) {
        credential.ifPresent(this::checkRefusal);
        return exchanged(realm, challenge, scopes, credential, credential, Optional.empty());
    }

    /** A token that anybody gets. */
    private Shown strangers(
            HttpUrl realm, Challenge.Bearer challenge, List<Scope> scopes, Optional<Credential> credential) {
        Optional<Origin> stranger = credential.map(c -> Origin.of(realm));
        stranger.ifPresent(realms::warn);
        try {
            return exchanged(realm, challenge, scopes, credential, Optional.empty(), stranger);
        } catch (Unauthorized e) {
            throw stranger.map(this::notForStrangers).orElse(e);
        }
    }

    /** What was asked for is not for everybody, and we were nobody. */
    Unauthorized notForStrangers(Origin realm) {
        return TokenEndpoint.nobody(root.url().host() + " names " + realm + " as its token endpoint, which is not known"
                + " to belong to it and did not see our credentials: if it is right, add it to this upstream's"
                + " pinnedRealms");
    }

    private Shown exchanged(
            HttpUrl realm,
            Challenge.Bearer challenge,
            List<Scope> scopes,
            Optional<Credential> had,
            Optional<Credential> shown,
            Optional<Origin> stranger) {
        List<String> all = merged(challenge.scope(), scopes);
        Tokens.Key key = new Tokens.Key(shown, realm.toString(), challenge.service(), all);
        Tokens.Token token = tokens.get(key, () -> endpoint.exchange(realm, challenge, all, shown));
        Place place = new Place(had, key, stranger);
        synchronized (this) {
            // Credentials that have gone meanwhile are not what the next one has.
            if (had.equals(last)) {
                places.put(scopes, place);
            }
            if (places.size() > Tokens.MOST) {
                places.remove(places.keySet().iterator().next());
            }
        }
        return place.shown(token);
    }

    /** What is asked for: the registry's own words first, since some token endpoints look at no more than one. */
    static List<String> merged(String challenged, List<Scope> own) {
        Stream<String> words =
                SPACES.splitAsStream(challenged).filter(word -> !word.isEmpty()).limit(Scope.MOST);
        return Stream.concat(words, own.stream().map(Scope::toString))
                .distinct()
                .toList();
    }

    void forget(Shown shown) {
        shown.token().ifPresent(key -> tokens.forget(key, shown.header().substring("Bearer ".length())));
    }

    /** Remembers that it is wrong: some registries lock who tries too often. */
    Unauthorized refused(Credential credential, String message) {
        synchronized (this) {
            refusal = Optional.of(new Refusal(credential, clock.instant().plus(REFUSED_FOR), message));
        }
        return TokenEndpoint.wrong(message);
    }

    private void checkRefusal(Credential credential) {
        Optional<Refusal> now;
        synchronized (this) {
            now = refusal;
        }
        now.filter(r -> r.credential.equals(credential) && clock.instant().isBefore(r.until))
                .ifPresent(r -> {
                    throw TokenEndpoint.wrong(r.message);
                });
    }

    private Optional<Credential> credential() {
        return noticed(provider.credential(root.url().uri(), false));
    }

    /** What we have in place of one that was refused; the same again if there is no other. Asked for by one at a time. */
    Optional<Credential> instead(Optional<Credential> refused) {
        return refreshes.get(refused, () -> {
            Optional<Credential> now = credential();
            return now.equals(refused) ? noticed(provider.credential(root.url().uri(), true)) : now;
        });
    }

    private Optional<Credential> noticed(Optional<Credential> now) {
        synchronized (this) {
            if (!now.equals(last)) {
                last = now;
                tokens.clear();
            }
        }
        return now;
    }
}
