package io.entrepot.auth.realm;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.entrepot.auth.account.KnownIdentity;
import io.entrepot.auth.account.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * What was verified a moment ago, so that it need not be hashed again: good credentials for a minute, wrong ones for two
 * seconds. A good one is forgotten as soon as anything has changed that it hangs on.
 */
final class VerifiedCredentials {
    static final Duration GOOD_FOR = Duration.ofSeconds(60);
    static final Duration WRONG_FOR = Duration.ofSeconds(2);
    /** Of each kind; the least used go first. */
    static final int MAX = 10_000;

    private record Good(KnownIdentity whose, BooleanSupplier holds, Instant until) {}

    private final Policy policy;
    private final InstantSource clock;
    private final Cache<Fingerprint, Good> good;
    private final Cache<Fingerprint, Instant> wrong;

    VerifiedCredentials(Policy policy, InstantSource clock) {
        this.policy = policy;
        this.clock = clock;
        this.good = CacheBuilder.newBuilder().maximumSize(MAX).build();
        this.wrong = CacheBuilder.newBuilder().maximumSize(MAX).build();
    }

    Optional<KnownIdentity> good(Fingerprint credential) {
        Good known = good.getIfPresent(credential);
        if (known == null) {
            return Optional.empty();
        }
        KnownIdentity whose = known.whose();
        OptionalLong version = policy.securityVersion(whose.identity().principal());
        if (clock.instant().isBefore(known.until())
                && version.equals(OptionalLong.of(whose.securityVersion()))
                && known.holds().getAsBoolean()) {
            return Optional.of(whose);
        }
        good.invalidate(credential);
        return Optional.empty();
    }

    boolean isWrong(Fingerprint credential) {
        Instant until = wrong.getIfPresent(credential);
        return until != null && clock.instant().isBefore(until);
    }

    /**
     * @param holds whether it is still there, from memory
     * @param expires when the credential itself expires
     */
    void addGood(Fingerprint credential, KnownIdentity whose, BooleanSupplier holds, Instant expires) {
        Instant until = clock.instant().plus(GOOD_FOR);
        good.put(credential, new Good(whose, holds, expires.isBefore(until) ? expires : until));
    }

    void addWrong(Fingerprint credential) {
        wrong.put(credential, clock.instant().plus(WRONG_FOR));
    }
}
