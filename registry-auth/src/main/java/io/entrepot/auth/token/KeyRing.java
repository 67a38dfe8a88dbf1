package io.entrepot.auth.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.entrepot.auth.token.SigningKeys.State;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The keys of one moment: one that signs, the next one, and those that tokens may still be signed with. */
final class KeyRing {
    /** Until then another process may not have heard of a key. */
    static final Duration HEARD_OF = Duration.ofSeconds(10);
    /** A token of the longest life, with the leeway, and signed while the next key was not yet heard of. */
    static final Duration KEPT =
            TokenIssuer.MAX_LIFETIME.plus(TokenVerifier.LEEWAY).plus(HEARD_OF);

    private final List<SigningKey> keys;
    private final Map<String, SigningKey> byId;
    private final byte[] jwks;

    KeyRing(List<SigningKey> keys) {
        this.keys = List.copyOf(keys);
        this.byId = keys.stream().collect(Collectors.toUnmodifiableMap(SigningKey::id, Function.identity()));
        List<JWK> all = keys.stream().<JWK>map(SigningKey::pair).toList();
        this.jwks = new JWKSet(all).toString(true).getBytes(StandardCharsets.UTF_8);
    }

    static KeyRing fresh(Instant now, SecureRandom random) {
        return new KeyRing(
                List.of(SigningKey.draw(State.ACTIVE, now, random), SigningKey.draw(State.NEXT, now, random)));
    }

    List<SigningKey> keys() {
        return keys;
    }

    private SigningKey only(State state) {
        return keys.stream().filter(key -> key.state() == state).findFirst().orElseThrow();
    }

    SigningKey active() {
        return only(State.ACTIVE);
    }

    /** The active one, or the one before it while that is what everybody knows. */
    SigningKey signing(Instant now) {
        SigningKey active = active();
        if (!now.isBefore(active.made().plus(HEARD_OF))) {
            return active;
        }
        return keys.stream()
                .filter(key -> key.state() == State.RETIRED)
                .max(Comparator.comparing(SigningKey::since))
                .orElse(active);
    }

    /** By its exact id, whatever state it is in. */
    Optional<SigningKey> key(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    KeyRing rotated(Instant now, SecureRandom random) {
        List<SigningKey> rotated = new ArrayList<>();
        rotated.add(only(State.NEXT).become(State.ACTIVE, now));
        rotated.add(SigningKey.draw(State.NEXT, now, random));
        rotated.add(active().become(State.RETIRED, now));
        keys.stream().filter(key -> key.state() == State.RETIRED).forEach(rotated::add);
        return new KeyRing(rotated);
    }

    /** Without those that no token can be signed with any more. */
    KeyRing pruned(Instant now) {
        List<SigningKey> left = keys.stream()
                .filter(key ->
                        key.state() != State.RETIRED || now.isBefore(key.since().plus(KEPT)))
                .toList();
        return left.size() == keys.size() ? this : new KeyRing(left);
    }

    /** As a JSON Web Key Set (RFC 7517), with nothing that is secret. */
    byte[] jwks() {
        return jwks.clone();
    }
}
