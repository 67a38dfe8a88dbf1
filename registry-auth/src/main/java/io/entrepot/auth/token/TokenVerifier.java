package io.entrepot.auth.token;

import com.google.gson.JsonObject;
import io.entrepot.auth.account.ApiKey;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.Policy;
import io.entrepot.core.BeyondReach;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Knows those who show a token of ours; whatever else is shown is for the others to judge. A token is good for the
 * connector that it was made out for, until it expires, and as long as nothing has happened to its owner and to the API
 * key that it was given for: that is asked for with each use.
 */
public final class TokenVerifier implements Authenticator {
    /** Clocks may differ by so much. */
    static final Duration LEEWAY = Duration.ofSeconds(60);

    /** How every JSON object begins in base64. */
    private static final String BEGIN = "eyJ";

    private static final Set<String> HEADER = Set.of("alg", "kid", "typ");

    private final Installation installation;
    private final SigningKeys keys;
    private final VerifiedTokens verified;
    private final Policy policy;
    private final ApiKeyLookup apiKeys;
    private final InstantSource clock;
    private final Authenticator others;
    private final LongAdder signatures = new LongAdder();

    TokenVerifier(
            Installation installation,
            SigningKeys keys,
            VerifiedTokens verified,
            Policy policy,
            ApiKeyLookup apiKeys,
            InstantSource clock,
            Authenticator others) {
        this.installation = installation;
        this.keys = keys;
        this.verified = verified;
        this.policy = policy;
        this.apiKeys = apiKeys;
        this.clock = clock;
        this.others = others;
    }

    @Override
    public Caller authenticate(Credentials credentials, Visit visit, Reach reach) {
        if (!(credentials instanceof Credentials.Bearer bearer)
                || !bearer.token().startsWith(BEGIN)) {
            return others.authenticate(credentials, visit, reach);
        }
        String token = bearer.token();
        if (token.length() > CompactToken.MAX_CHARACTERS) {
            throw invalid("the token is too long");
        }
        Optional<VerifiedTokens.Verified> known = verified.find(token);
        if (known.isPresent()) {
            return caller(known.get(), visit);
        }
        Optional<JsonObject> header = CompactToken.header(token);
        boolean ours = header.flatMap(json -> StrictJson.string(json, "typ"))
                .filter(TokenIssuer.TYPE::equals)
                .isPresent();
        return ours
                ? caller(verify(token, header.orElseThrow(), visit, reach), visit)
                : others.authenticate(credentials, visit, reach);
    }

    /** How many signatures it took to verify, since the start: next to none, if tokens are used where they are issued. */
    public long signaturesVerified() {
        return signatures.sum();
    }

    /** @throws BeyondReach if it takes a look at the store, or the verification of a signature */
    private VerifiedTokens.Verified verify(String token, JsonObject header, Visit visit, Reach reach) {
        String id = StrictJson.string(header, "kid").orElse("");
        boolean form = header.keySet().equals(HEADER)
                && StrictJson.string(header, "alg")
                        .filter(SigningKey.ALGORITHM.getName()::equals)
                        .isPresent();
        if (!form) {
            throw invalid("the token is not one of this registry's");
        }
        reach.require(Reach.LOCAL);
        SigningKey key = keys.findKey(id).orElseThrow(() -> invalid("the key of the token is not known"));
        CompactToken parsed = CompactToken.parse(token).orElseThrow(() -> invalid("the token is malformed"));
        Claims claims = ClaimsJson.read(parsed.payload()).orElseThrow(() -> invalid("the token lacks claims"));
        check(claims, visit);
        signatures.increment();
        if (!parsed.isSigned(key.verifier())) {
            throw invalid("the signature of the token is wrong");
        }
        return verified.add(token, id, claims);
    }

    private void check(Claims claims, Visit visit) {
        Instant now = clock.instant();
        if (!claims.issuer().equals(installation.id())) {
            throw invalid("the token is from another registry");
        }
        if (!claims.service().equals(visit.service())) {
            throw invalid("the token is made out for another connector");
        }
        if (!now.isBefore(claims.expires().plus(LEEWAY))) {
            throw invalid("the token has expired");
        }
        if (now.plus(LEEWAY).isBefore(claims.issued())) {
            throw invalid("the token is not good yet");
        }
    }

    /** What can change while a token lives. */
    private Caller caller(VerifiedTokens.Verified token, Visit visit) {
        Claims claims = token.claims();
        check(claims, visit);
        if (keys.key(token.signedWith()).isEmpty()) {
            throw invalid("the key of the token is no longer good");
        }
        if (claims.principal().equals(Principal.ANONYMOUS)) {
            return token.caller(Optional.empty(), none -> policy.anonymous());
        }
        if (!isUnchanged(claims)) {
            throw invalid("the token was revoked, since its owner's password or rights have changed");
        }
        return token.caller(claims.key().map(id -> liveKey(id, claims.principal())), key -> rights(claims, key));
    }

    private boolean isUnchanged(Claims claims) {
        OptionalLong version = policy.securityVersion(claims.principal());
        return version.isPresent() && version.getAsLong() == claims.securityVersion();
    }

    private Rights rights(Claims claims, Optional<ApiKey> key) {
        return policy.rights(
                new Identity(claims.principal(), claims.groups(), key.flatMap(ApiKey::restriction), claims.key()));
    }

    private ApiKey liveKey(String id, Principal owner) {
        return apiKeys.find(id)
                .filter(key -> key.liveAt(clock.instant()) && key.principal().equals(owner))
                .orElseThrow(() -> invalid("the API key of the token was revoked or has expired"));
    }

    private static RegistryException.Unauthorized invalid(String why) {
        return new RegistryException.Unauthorized(
                RegistryException.Unauthorized.Reason.INVALID_TOKEN, "unauthorized: " + why + ": log in again", why);
    }
}
