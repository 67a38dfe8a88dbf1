package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A credential for programs: what is kept of it. Its secret is shown once, when it is made, and only its hash is stored.
 *
 * @param owner the id of the principal that it stands for
 * @param label what its owner calls it
 * @param secretHash SHA-256 of the whole text, in hexadecimal digits
 * @param restriction what it is good for of what its owner may do; all of it if empty
 * @param lastUsed to the hour
 */
public record ApiKey(
        String id,
        String owner,
        String label,
        String secretHash,
        Optional<List<Privilege>> restriction,
        Instant created,
        Optional<Instant> expires,
        Optional<Instant> lastUsed) {
    public static final int MAX_RESTRICTION = 100;

    public ApiKey {
        Names.requireKeyId(id);
        Names.requireLine("an owner", owner, 300);
        Names.require(owner.indexOf('/') > 0, "the owner of an API key is named with his realm, such as local/alice");
        Names.requireLine("a label", label, 100);
        Names.require(
                restriction.map(List::size).orElse(0) <= MAX_RESTRICTION,
                "an API key is restricted to at most " + MAX_RESTRICTION + " privileges");
        restriction = restriction.map(List::copyOf);
    }

    public boolean liveAt(Instant now) {
        return expires.map(now::isBefore).orElse(true);
    }

    /** Whom it stands for. */
    public Principal principal() {
        return Assignee.One.parse(owner).principal();
    }

    ApiKey usedAt(Instant when) {
        return new ApiKey(id, owner, label, secretHash, restriction, created, expires, Optional.of(when));
    }

    /** Without the hash. */
    @Override
    public String toString() {
        return "API key " + id + " of " + owner;
    }
}
