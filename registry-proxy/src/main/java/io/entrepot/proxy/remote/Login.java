package io.entrepot.proxy.remote;

import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized.Reason;
import io.entrepot.core.wire.Challenge;
import io.entrepot.core.wire.Scope;
import java.net.URI;
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

    /** An {@code Authorization}, and the token's place in the cache if it is one. Prints none of it. */
    record Shown(String header, Optional<Tokens.Key> key) {
        @Override
        public String toString() {
            return "authorization";
        }
    }

    private record Refusal(Credential credential, Instant until, String message) {}

    private final RootUrl root;
    private final CredentialProvider provider;
    private final Realms realms;
    private final TokenEndpoint endpoint;
    private final InstantSource clock;
    private final Tokens tokens;
    // All guarded by this.
    private final Map<List<Scope>, Tokens.Key> keys = new LinkedHashMap<>(16, 0.75f, true);
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
        Optional<Credential> credential = credential(false);
        if (credential.orElse(null) instanceof Credential.Bearer bearer) {
            checkRefusal(bearer);
            return Optional.of(new Shown("Bearer " + bearer.token(), Optional.empty()));
        }
        Optional<Tokens.Key> key;
        synchronized (this) {
            if (basic) {
                credential.ifPresent(this::checkRefusal);
                return credential.flatMap(TokenEndpoint::basic).map(value -> new Shown(value, Optional.empty()));
            }
            key = Optional.ofNullable(keys.get(scopes));
        }
        return key.flatMap(k -> tokens.cached(k).map(token -> bearer(token, k)));
    }

    /** For a second try; {@code refresh} says whether what we have was refused. */
    Shown answer(List<Challenge> challenges, List<Scope> scopes, boolean refresh) {
        Optional<Credential> credential = credential(refresh);
        credential.ifPresent(this::checkRefusal);
        String host = root.url().host();
        if (credential.orElse(null) instanceof Credential.Bearer bearer) {
            return new Shown("Bearer " + bearer.token(), Optional.empty());
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
                .flatMap(TokenEndpoint::basic)
                .map(value -> new Shown(value, Optional.empty()))
                .orElseThrow(() -> TokenEndpoint.nobody(host + " asks for a user and password: configure some"));
    }

    private Shown token(Challenge.Bearer challenge, List<Scope> scopes, Optional<Credential> credential) {
        HttpUrl realm = root.url().resolve(challenge.realm());
        if (realm == null) {
            throw Hops.unavailable(root.url().host() + " names a token endpoint that is no http or https URL", null);
        }
        Tokens.Key key = new Tokens.Key(realm.toString(), challenge.service(), merged(challenge.scope(), scopes));
        boolean trusted = realms.mayHaveCredentials(realm);
        if (!trusted && credential.isPresent()) {
            realms.warn(realm);
        }
        Tokens.Token token =
                tokens.get(key, () -> exchange(realm, challenge, scopes, trusted ? credential : Optional.empty()));
        synchronized (this) {
            keys.put(scopes, key);
            if (keys.size() > Tokens.MOST) {
                keys.remove(keys.keySet().iterator().next());
            }
        }
        return bearer(token, key);
    }

    private Tokens.Token exchange(
            HttpUrl realm, Challenge.Bearer challenge, List<Scope> scopes, Optional<Credential> credential) {
        List<String> all = merged(challenge.scope(), scopes);
        try {
            return endpoint.exchange(realm, challenge, all, credential);
        } catch (RegistryException.Unauthorized e) {
            if (credential.isEmpty() || e.reason() != Reason.WRONG_CREDENTIALS) {
                throw e;
            }
            Optional<Credential> fresh = credential(true);
            if (fresh.isPresent() && !fresh.equals(credential)) {
                try {
                    return endpoint.exchange(realm, challenge, all, fresh);
                } catch (RegistryException.Unauthorized again) {
                    throw refused(fresh.get(), String.valueOf(again.getMessage()));
                }
            }
            throw refused(credential.get(), String.valueOf(e.getMessage()));
        }
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
        shown.key().ifPresent(key -> tokens.forget(key, shown.header().substring("Bearer ".length())));
    }

    /** Remembers that they are wrong: some registries lock who tries too often. */
    RegistryException.Unauthorized refused(Credential credential, String message) {
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

    Optional<Credential> credential(boolean refresh) {
        Optional<Credential> now = provider.credential(registry(), refresh);
        synchronized (this) {
            if (!now.equals(last)) {
                last = now;
                tokens.clear();
            }
        }
        return now;
    }

    private URI registry() {
        return root.url().uri();
    }

    private static Shown bearer(Tokens.Token token, Tokens.Key key) {
        return new Shown("Bearer " + token.value(), Optional.of(key));
    }
}
