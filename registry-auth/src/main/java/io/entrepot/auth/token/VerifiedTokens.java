package io.entrepot.auth.token;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Access;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The tokens whose signature was verified or made here, by their hash. Nothing comes in that is not good, so whoever
 * shows forged ones displaces nobody.
 */
final class VerifiedTokens {
    private static final long MAX_BYTES = 64L << 20;
    /** Of the objects that are the same for all. */
    private static final int ENTRY_BYTES = 1_000;
    /** What a character of a token takes as claims and scope, and rather more than that. */
    private static final int BYTES_PER_CHARACTER = 4;

    /**
     * @param signedWith the id of the key
     * @param scope what the token is good for
     */
    record Verified(Claims claims, String signedWith, Access scope) {}

    private record Entry(Verified verified, int sizeBytes) {}

    private final Cache<HashCode, Entry> tokens = CacheBuilder.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((HashCode hash, Entry entry) -> entry.sizeBytes())
            .expireAfterWrite(TokenIssuer.MAX_LIFETIME.plus(TokenVerifier.LEEWAY))
            .build();

    Optional<Verified> find(String token) {
        return Optional.ofNullable(tokens.getIfPresent(hash(token))).map(Entry::verified);
    }

    /** One of our own. */
    Verified add(String token, String signedWith, Claims claims) {
        boolean known = !claims.principal().equals(Principal.ANONYMOUS);
        // Asking for nothing is how a client logs in, and what it has then shall find what there is.
        return add(
                token,
                signedWith,
                claims,
                new TokenScope(claims.access(), known && claims.access().isEmpty()));
    }

    Verified add(String token, String signedWith, Claims claims, Access scope) {
        Verified verified = new Verified(claims, signedWith, scope);
        tokens.put(hash(token), new Entry(verified, ENTRY_BYTES + BYTES_PER_CHARACTER * token.length()));
        return verified;
    }

    private static HashCode hash(String token) {
        return Hashing.sha256().hashString(token, StandardCharsets.UTF_8);
    }
}
