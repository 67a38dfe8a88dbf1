package io.entrepot.auth.token;

import io.entrepot.auth.account.ApiKeys;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.KnownIdentity;
import io.entrepot.auth.account.Policy;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.Scope;
import io.entrepot.core.wire.TokenAnswer;
import io.entrepot.core.wire.TokenRefusal;
import io.entrepot.core.wire.TokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a token endpoint does, whatever connector it is on. */
public final class TokenService {
    private static final int MAX_REASON = 500;

    private final Login login;
    private final Policy policy;
    private final TokenIssuer issuer;
    private final Optional<RefreshTokens> refreshTokens;
    private final Audit audit;

    /** @param refreshTokens if clients get any */
    TokenService(Login login, Policy policy, TokenIssuer issuer, Optional<RefreshTokens> refreshTokens, Audit audit) {
        this.login = login;
        this.policy = policy;
        this.issuer = issuer;
        this.refreshTokens = refreshTokens;
        this.audit = audit;
    }

    /**
     * A token for as much of what was asked for as he who asks may do; that it is nothing is no error. May take its time: not
     * for IO threads.
     *
     * @param shown what the request's {@code Authorization} holds
     * @throws RegistryException.Unauthorized if the credentials are wrong, whatever was asked for; or if there are none, and
     *     either nothing was asked for, which is an attempt to log in, or anonymous callers get no token here
     * @throws RegistryException.Unavailable if it cannot be judged now
     * @throws TokenRefusal if it is not a request that can be answered
     */
    public TokenAnswer answer(TokenRequest request, Credentials shown, Visit visit, TokenDesk desk) {
        if (request.service()
                .filter(service -> !service.equals(visit.service()))
                .isPresent()) {
            throw TokenRefusal.foreignService(visit.service());
        }
        TokenRequest.Grant grant = request.grant();
        if (grant instanceof TokenRequest.Grant.Other) {
            throw TokenRefusal.unsupportedGrantType();
        } else if (grant instanceof TokenRequest.Grant.Refresh refresh) {
            return known(redeemed(refresh.token(), visit), request, visit, desk);
        }
        Credentials credentials = grant instanceof TokenRequest.Grant.Password password
                ? new Credentials.Password(password.user(), password.secret())
                : shown;
        return credentials instanceof Credentials.None
                ? anonymous(request, visit, desk)
                : known(login.identify(credentials, visit), request, visit, desk);
    }

    private KnownIdentity redeemed(String token, Visit visit) {
        if (refreshTokens.isEmpty()) {
            throw TokenRefusal.unsupportedGrantType();
        }
        return refreshTokens.get().redeem(token, visit.service()).orElseThrow(() -> {
            String why = "the refresh token is wrong, expired or revoked";
            note("token.refresh", Principal.ANONYMOUS, Optional.empty(), visit, Audit.Outcome.REFUSED, why);
            return new Unauthorized(Unauthorized.Reason.WRONG_CREDENTIALS, "unauthorized: " + why + ": log in", why);
        });
    }

    private TokenAnswer anonymous(TokenRequest request, Visit visit, TokenDesk desk) {
        if (request.scopes().isEmpty() || !desk.anonymous()) {
            throw new Unauthorized("authentication required: log in with 'docker login'");
        }
        KnownIdentity nobody = new KnownIdentity(Identity.of(Principal.ANONYMOUS), 0);
        List<Scope> granted = new GrantedScopes(policy.anonymous(), false, desk).of(request.scopes());
        return issue(nobody, granted, Optional.empty(), Optional.empty(), visit);
    }

    private TokenAnswer known(KnownIdentity known, TokenRequest request, Visit visit, TokenDesk desk) {
        Identity identity = known.identity();
        // Not asked whether it is still there: if it was revoked this moment, what is given for it is worth nothing.
        Optional<String> key = identity.credential().filter(ApiKeys::isId);
        if (identity.restriction().isPresent() && key.isEmpty()) {
            // Nobody could tell later what had been left of his rights.
            throw new Unauthorized(
                    Unauthorized.Reason.WRONG_CREDENTIALS,
                    "unauthorized: this credential is restricted, and not an API key: no token is given for it",
                    "restricted credential");
        }
        Rights rights = policy.rights(identity);
        List<Scope> granted = new GrantedScopes(rights, true, desk).of(request.scopes());
        boolean hasOne = request.grant() instanceof TokenRequest.Grant.Refresh;
        Optional<String> refresh = request.offline() && !hasOne
                ? refreshTokens.flatMap(tokens -> tokens.make(known, visit.service(), request.client()))
                : Optional.empty();
        return issue(known, granted, key, refresh, visit);
    }

    private TokenAnswer issue(
            KnownIdentity known, List<Scope> granted, Optional<String> key, Optional<String> refresh, Visit visit) {
        Identity identity = known.identity();
        TokenIssuer.Issued issued = issuer.issue(identity, known.securityVersion(), visit.service(), granted, key);
        Claims claims = issued.claims();
        String scopes = claims.access().stream().map(Scope::toString).collect(Collectors.joining(" "));
        note("token.issue", claims.principal(), identity.credential(), visit, Audit.Outcome.DONE, cut(scopes));
        return new TokenAnswer(
                issued.token(),
                Duration.between(claims.issued(), claims.expires()),
                claims.issued(),
                claims.access(),
                refresh);
    }

    private void note(
            String action,
            Principal principal,
            Optional<String> credential,
            Visit visit,
            Audit.Outcome outcome,
            String reason) {
        audit.note(
                new Audit.Event(action, principal, credential, Optional.of(visit), visit.service(), outcome, reason));
    }

    private static String cut(String text) {
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "…";
    }
}
