package io.entrepot.auth.token;

import com.google.gson.JsonObject;
import io.entrepot.auth.oidc.TrustedIssuer;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Knows those who show a token of a token server elsewhere, which decides alone what they may do with content: as much as
 * the token says, and no administration. It is good until it expires. Whatever else is shown is for the others to judge.
 */
public final class ExternalTokens implements Authenticator {
    /** Of the principals that come so. */
    public static final String REALM = "external";

    private static final String BEGIN = "eyJ";
    private static final int MAX_NAME = 255;
    private static final Duration MAX_LIFETIME = Duration.ofHours(24);

    private static final Rights CONTENT = new Rights() {
        @Override
        public Access in(RegistryId registry) {
            return Access.ALL;
        }

        @Override
        public boolean sees(Domain domain) {
            return false;
        }

        @Override
        public boolean administers(Domain domain) {
            return false;
        }
    };

    private final TrustedIssuer issuer;
    private final String service;
    private final InstantSource clock;
    private final Authenticator others;
    private final VerifiedTokens verified = new VerifiedTokens();

    /** @param service what its tokens for us are made out for, on every connector */
    public ExternalTokens(TrustedIssuer issuer, String service, InstantSource clock, Authenticator others) {
        this.issuer = issuer;
        this.service = service;
        this.clock = clock;
        this.others = others;
    }

    @Override
    public Caller authenticate(Credentials credentials, Visit visit, Reach reach) {
        if (!(credentials instanceof Credentials.Bearer bearer)
                || !bearer.token().startsWith(BEGIN)
                || bearer.token().length() > CompactToken.MAX_CHARACTERS) {
            return others.authenticate(credentials, visit, reach);
        }
        Optional<VerifiedTokens.Verified> known = verified.find(bearer.token());
        if (known.isPresent()) {
            return caller(known.get());
        }
        Optional<JsonObject> claims = CompactToken.parse(bearer.token())
                .map(CompactToken::payload)
                .filter(json -> StrictJson.string(json, "iss")
                        .filter(issuer.name()::equals)
                        .isPresent());
        if (claims.isEmpty()) {
            return others.authenticate(credentials, visit, reach);
        }
        reach.require(Reach.ANYWHERE);
        issuer.verify(bearer.token(), service);
        Claims read = read(claims.get());
        return caller(verified.add(bearer.token(), "", read, new TokenScope(read.access(), false)));
    }

    private Claims read(JsonObject json) {
        Instant now = clock.instant();
        String subject = StrictJson.string(json, "sub").orElse("");
        Instant expires = StrictJson.seconds(json, "exp").orElseThrow(() -> invalid("it never expires"));
        List<Scope> access = json.has("access")
                ? ClaimsJson.access(json).orElseThrow(() -> invalid("its access is malformed"))
                : List.of();
        if (subject.length() > MAX_NAME || subject.chars().anyMatch(Character::isISOControl)) {
            throw invalid("its subject is no name");
        }
        if (expires.isAfter(now.plus(MAX_LIFETIME))) {
            throw invalid("it is good for more than " + MAX_LIFETIME.toHours() + " hours");
        }
        Principal principal = new Principal(REALM, subject.isEmpty() ? Principal.ANONYMOUS.name() : subject);
        return new Claims(issuer.name(), principal, service, now, expires, "", access, 0, Set.of(), Optional.empty());
    }

    private Caller caller(VerifiedTokens.Verified token) {
        if (!clock.instant().isBefore(token.claims().expires().plus(TokenVerifier.LEEWAY))) {
            throw invalid("it has expired");
        }
        return new Caller(token.claims().principal(), Proof.TOKEN, CONTENT, token.scope());
    }

    private static Unauthorized invalid(String why) {
        return new Unauthorized(Unauthorized.Reason.INVALID_TOKEN, "unauthorized: the token is refused: " + why, why);
    }
}
