package io.entrepot.auth.token;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.entrepot.auth.account.ApiKey;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Rights;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tokens whose signature was verified or made here. Nothing comes in that is not good, so whoever shows forged ones
 * displaces nobody.
 */
final class VerifiedTokens {
    private static final long MAX_BYTES = 64L << 20;
    /** Of the objects that are the same for all. */
    private static final int ENTRY_BYTES = 1_000;
    /** What a character of a token takes by itself and as claims and scope, and rather more than that. */
    private static final int BYTES_PER_CHARACTER = 5;

    /**
     * A token as it is looked for. A digest of all of it took longer than the rest of the search: where tokens differ is in
     * their signatures, which nobody who could not show the token can make come out alike.
     */
    private record Shown(String token) {
        private static final int END = 32;

        @Override
        public int hashCode() {
            int hash = 0;
            for (int i = Math.max(0, token.length() - END); i < token.length(); i++) {
                hash = 31 * hash + token.charAt(i);
            }
            return hash;
        }

        @Override
        public String toString() {
            return "a token";
        }
    }

    /** A token that was good when it was verified. */
    static final class Verified {
        private record Ready(Optional<ApiKey> key, Caller caller) {}

        private final Claims claims;
        private final String signedWith;
        private final Access scope;
        private volatile @Nullable Ready ready;

        private Verified(Claims claims, String signedWith, Access scope) {
            this.claims = claims;
            this.signedWith = signedWith;
            this.scope = scope;
        }

        Claims claims() {
            return claims;
        }

        /** The id of the key. */
        String signedWith() {
            return signedWith;
        }

        /** What the token is good for. */
        Access scope() {
            return scope;
        }

        /**
         * Who shows it: the same as last time, whose rights follow what is changed. Whether it is still good is not asked
         * here.
         *
         * @param key as it is now, if the token was given for one
         */
        @SuppressWarnings("ReferenceEquality") // The same key, not an equal one.
        Caller caller(Optional<ApiKey> key, Function<Optional<ApiKey>, Rights> rights) {
            Ready last = ready;
            if (last == null || last.key().orElse(null) != key.orElse(null)) {
                last = new Ready(key, new Caller(claims.principal(), Proof.TOKEN, rights.apply(key), scope));
                ready = last;
            }
            return last.caller();
        }
    }

    private record Entry(Verified verified, int sizeBytes) {}

    private final Cache<Shown, Entry> tokens = CacheBuilder.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((Shown token, Entry entry) -> entry.sizeBytes())
            .expireAfterWrite(TokenIssuer.MAX_LIFETIME.plus(TokenVerifier.LEEWAY))
            .build();

    Optional<Verified> find(String token) {
        return Optional.ofNullable(tokens.getIfPresent(new Shown(token))).map(Entry::verified);
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
        tokens.put(new Shown(token), new Entry(verified, ENTRY_BYTES + BYTES_PER_CHARACTER * token.length()));
        return verified;
    }
}
