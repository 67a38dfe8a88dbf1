package io.entrepot.auth.realm;

import io.entrepot.auth.account.ApiKey;
import io.entrepot.auth.account.ApiKeys;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.Identity;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * API keys: in the place of a password, beside the name of their owner or {@value #ANY_USER}, or as bearer token. Whoever
 * shows one is its owner, with what its restriction leaves.
 */
public final class ApiKeyRealm implements Realm {
    /** Stands beside a key that tells by itself whose it is. */
    public static final String ANY_USER = "$token";

    private final Directory directory;
    private final Function<Principal, Set<String>> groups;

    /** Where nobody has groups, or none that count where he is not himself. */
    public ApiKeyRealm(Directory directory) {
        this(directory, principal -> Set.of());
    }

    /** @param groups those of a key's owner in his realm, as far as they are known when he is not there; may take its time */
    public ApiKeyRealm(Directory directory, Function<Principal, Set<String>> groups) {
        this.directory = directory;
        this.groups = groups;
    }

    @Override
    public String name() {
        return "apiKey";
    }

    @Override
    public Verdict judge(Credentials credentials, Visit visit) {
        if (credentials instanceof Credentials.Password password && ApiKeys.looksLikeOne(password.secret())) {
            return judge(password.secret(), Optional.of(password.user()));
        }
        if (credentials instanceof Credentials.Bearer bearer && ApiKeys.looksLikeOne(bearer.token())) {
            return judge(bearer.token(), Optional.empty());
        }
        return new Verdict.NotMine();
    }

    private Verdict judge(String text, Optional<String> user) {
        Optional<ApiKey> claimed = ApiKeys.idOf(text).flatMap(directory::key);
        // Read before the key is verified: what changes meanwhile makes the verdict an old one.
        OptionalLong asOf = claimed.map(key -> directory.policy().securityVersion(key.principal()))
                .orElse(OptionalLong.empty());
        Optional<ApiKey> key = directory.keyOf(text);
        if (key.isEmpty() || asOf.isEmpty()) {
            return new Verdict.Wrong(claimed.map(k -> "key " + k.id() + " is wrong, expired, or its owner is disabled")
                    .orElse("there is no such key"));
        }
        Principal owner = key.get().principal();
        if (user.isPresent() && !isOneOf(user.get(), owner)) {
            return new Verdict.Wrong("key " + key.get().id() + " belongs to somebody else");
        }
        Identity identity = new Identity(
                owner,
                groups.apply(owner),
                key.get().restriction(),
                Optional.of(key.get().id()));
        return new Verdict.Recognised(identity, asOf, key.get().expires().orElse(Instant.MAX));
    }

    @Override
    public boolean holds(Identity identity) {
        return identity.credential().flatMap(directory::key).isPresent();
    }

    private static boolean isOneOf(String user, Principal owner) {
        return user.equals(ANY_USER) || user.equalsIgnoreCase(owner.name()) || user.equals(owner.id());
    }
}
