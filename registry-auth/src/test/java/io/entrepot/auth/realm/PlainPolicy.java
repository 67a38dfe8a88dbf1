package io.entrepot.auth.realm;

import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.Policy;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Rights;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Allows everybody everything, and has security versions that a test can change. */
final class PlainPolicy implements Policy {
    final Map<Principal, Long> versions = new ConcurrentHashMap<>();
    final Set<Principal> gone = ConcurrentHashMap.newKeySet();

    @Override
    public Rights rights(Identity identity) {
        return Rights.ALL;
    }

    @Override
    public Rights anonymous() {
        return Rights.ALL;
    }

    @Override
    public OptionalLong securityVersion(Principal principal) {
        return gone.contains(principal) ? OptionalLong.empty() : OptionalLong.of(versions.getOrDefault(principal, 0L));
    }
}
