package io.entrepot.auth.oidc;

import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.Policy;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The browsers that are logged in, kept in this process only: they end with it. A session ends after 30 minutes without a
 * request, after 12 hours in any case, by logging out, and as soon as anything is changed after which credentials of its
 * principal are no longer good. Where there are too many, the idlest goes.
 */
public final class Sessions {
    static final Duration IDLE = Duration.ofMinutes(30);
    static final Duration LONGEST = Duration.ofHours(12);
    static final int MAX = 10_000;
    static final int MAX_PER_PRINCIPAL = 50;

    private final Policy policy;
    private final InstantSource clock;
    private final SecureRandom random;
    /** By the hash of the id, the idlest first. Guarded by this. */
    private final Map<String, Entry> byHash = new LinkedHashMap<>(16, 0.75f, true);

    /** @param id to be kept by the browser and by nobody else */
    public record Opened(String id, Session session) {
        @Override
        public String toString() {
            return "opened " + session;
        }
    }

    private record Entry(Session session, long securityVersion, Instant seen) {}

    public Sessions(Policy policy, InstantSource clock, SecureRandom random) {
        this.policy = policy;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A new session, with a new id whatever the browser had before.
     *
     * @param asOf the security version of the principal that his password was verified by
     * @throws RegistryException.Denied if it was a key or another token that he showed: those end without a session's
     *     noticing
     */
    public Opened open(Identity identity, long asOf) {
        if (identity.credential().isPresent() || identity.restriction().isPresent()) {
            throw new RegistryException.Denied(
                    "log in here with a name and a password: keys and tokens are for programs",
                    identity.principal().id());
        }
        Instant now = clock.instant();
        String id = Chance.word(random);
        Session session = new Session(
                identity.principal(),
                policy.rights(identity),
                identity.groups(),
                Chance.word(random),
                now,
                now.plus(LONGEST));
        add(Chance.hash(id), new Entry(session, asOf, now));
        return new Opened(id, session);
    }

    /**
     * The same for somebody whom another server has just vouched for.
     *
     * @throws RegistryException.Denied also if he is disabled here
     */
    public Opened open(Identity identity) {
        OptionalLong version = policy.securityVersion(identity.principal());
        if (version.isEmpty()) {
            throw new RegistryException.Denied(
                    "this account is disabled: ask an administrator",
                    identity.principal().id());
        }
        return open(identity, version.getAsLong());
    }

    private synchronized void add(String hash, Entry entry) {
        Principal principal = entry.session().principal();
        int own = 0;
        for (Entry other : byHash.values()) {
            own += other.session().principal().equals(principal) ? 1 : 0;
        }
        if (own >= MAX_PER_PRINCIPAL) {
            dropIdlestOf(principal);
        } else if (byHash.size() >= MAX) {
            byHash.remove(byHash.keySet().iterator().next());
        }
        byHash.put(hash, entry);
    }

    private void dropIdlestOf(Principal principal) {
        for (Iterator<Entry> entries = byHash.values().iterator(); entries.hasNext(); ) {
            if (entries.next().session().principal().equals(principal)) {
                entries.remove();
                return;
            }
        }
    }

    /** The session with this id, if it is still good; this counts as a use. Never blocks. */
    public synchronized Optional<Session> find(String id) {
        String hash = Chance.hash(id);
        Entry entry = byHash.get(hash);
        if (entry == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        OptionalLong version = policy.securityVersion(entry.session().principal());
        boolean good = now.isBefore(entry.session().ends())
                && now.isBefore(entry.seen().plus(IDLE))
                && version.isPresent()
                && version.getAsLong() == entry.securityVersion();
        if (!good) {
            byHash.remove(hash);
            return Optional.empty();
        }
        byHash.put(hash, new Entry(entry.session(), entry.securityVersion(), now));
        return Optional.of(entry.session());
    }

    /** Ends one, if there is such a one. */
    public synchronized void end(String id) {
        byHash.remove(Chance.hash(id));
    }

    /** Ends all sessions of somebody. */
    public synchronized void endAll(Principal principal) {
        byHash.values().removeIf(entry -> entry.session().principal().equals(principal));
    }

    synchronized int size() {
        return byHash.size();
    }
}
