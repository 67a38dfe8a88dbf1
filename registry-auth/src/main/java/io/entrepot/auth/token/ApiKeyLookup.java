package io.entrepot.auth.token;

import io.entrepot.auth.account.ApiKey;
import java.util.Optional;

/** Finds API keys as they are now, from memory. */
@FunctionalInterface
public interface ApiKeyLookup {
    /** Empty if there is none of this id, or it was revoked. */
    Optional<ApiKey> find(String id);
}
