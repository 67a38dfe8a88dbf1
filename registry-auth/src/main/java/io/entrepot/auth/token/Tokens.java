package io.entrepot.auth.token;

import io.entrepot.auth.account.Policy;
import io.entrepot.auth.secret.SecretBox;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.store.DocumentStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The tokens of an installation: those who make them and those who verify them share keys and memory. */
public final class Tokens {
    private final Installation installation;
    private final SigningKeys keys;
    private final VerifiedTokens verified = new VerifiedTokens();
    private final TokenIssuer issuer;
    private final RefreshTokens refreshTokens;
    private final boolean givesRefreshTokens;
    private final Policy policy;
    private final ApiKeyLookup apiKeys;
    private final Audit audit;
    private final InstantSource clock;

    /**
     * @param lifetime of a token, from a minute to a day
     * @param refreshTokens whether clients that want one get a refresh token; then docker keeps it instead of the password,
     *     and some tools cannot use it
     * @param maxKeyAge how long a key signs
     */
    public record Options(Duration lifetime, boolean refreshTokens, Duration maxKeyAge) {
        public static final Options DEFAULT =
                new Options(TokenIssuer.DEFAULT_LIFETIME, false, SigningKeys.DEFAULT_MAX_AGE);
    }

    /** @throws IllegalArgumentException if a token would live shorter or longer than it may */
    public Tokens(
            DocumentStore documents,
            SecretBox box,
            Policy policy,
            ApiKeyLookup apiKeys,
            Options options,
            Audit audit,
            InstantSource clock,
            SecureRandom random) {
        this.installation = Installation.in(documents, random);
        this.keys = new SigningKeys(documents, box, options.maxKeyAge(), clock, random);
        this.issuer = new TokenIssuer(installation, keys, verified, options.lifetime(), clock, random);
        this.refreshTokens = new RefreshTokens(documents, policy, clock, random);
        this.givesRefreshTokens = options.refreshTokens();
        this.policy = policy;
        this.apiKeys = apiKeys;
        this.audit = audit;
        this.clock = clock;
    }

    public Installation installation() {
        return installation;
    }

    /** To be polled every second or two. */
    public SigningKeys keys() {
        return keys;
    }

    /** To be listed and revoked, whether or not new ones are given. */
    public RefreshTokens refreshTokens() {
        return refreshTokens;
    }

    /** @param login judges the credentials that are shown for a token */
    public TokenService service(Login login) {
        Optional<RefreshTokens> given = givesRefreshTokens ? Optional.of(refreshTokens) : Optional.empty();
        return new TokenService(login, policy, issuer, given, audit);
    }

    /** @param others judges whatever is no token of ours */
    public TokenVerifier verifier(Authenticator others) {
        return new TokenVerifier(installation, keys, verified, policy, apiKeys, clock, others);
    }
}
