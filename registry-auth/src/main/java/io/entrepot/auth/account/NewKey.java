package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An API key to be made.
 *
 * @param restriction what it shall be good for; everything that its owner may do if empty
 */
public record NewKey(Principal owner, String label, Optional<List<Privilege>> restriction, Optional<Instant> expires) {
    public NewKey {
        restriction = restriction.map(List::copyOf);
    }

    /**
     * One that was made.
     *
     * @param text what its owner logs in with; known to nobody from now on but to whoever is shown this
     */
    public record Issued(ApiKey key, String text) {
        /** Without the text. */
        @Override
        public String toString() {
            return key.toString();
        }
    }
}
