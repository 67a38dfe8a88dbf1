package io.entrepot.auth.realm;

import io.entrepot.auth.account.AccountException;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.ApiKeys;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.User;
import io.entrepot.auth.password.HashingGate;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users of this server and their passwords. Robots have none, and API keys are none: both are left to other realms. */
public final class LocalRealm implements Realm {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRealm.class);

    private final Directory directory;
    private final Accounts accounts;
    private final HashingGate gate;
    private final InstantSource clock;

    /** @param accounts replaces hashes that are weaker than those made today, when their password is shown */
    public LocalRealm(Directory directory, Accounts accounts, HashingGate gate, InstantSource clock) {
        this.directory = directory;
        this.accounts = accounts;
        this.gate = gate;
        this.clock = clock;
    }

    @Override
    public String name() {
        return User.REALM;
    }

    @Override
    public Verdict judge(Credentials credentials, Visit visit) {
        if (!(credentials instanceof Credentials.Password password) || isOfAKey(password)) {
            return new Verdict.NotMine();
        }
        Optional<User> user = directory.user(password.user().strip().toLowerCase(Locale.ROOT));
        Optional<String> hash = user.flatMap(User::passwordHash);
        return user.isPresent() && hash.isPresent()
                ? judge(user.get(), hash.get(), password.secret())
                : new Verdict.NotMine();
    }

    private Verdict judge(User user, String hash, String secret) {
        if (!gate.matches(secret, hash)) {
            return new Verdict.Wrong("wrong password");
        }
        if (!user.liveAt(clock.instant())) {
            return new Verdict.Wrong(user.enabled() ? "the account has expired" : "the account is disabled");
        }
        if (gate.outdated(hash)) {
            strengthen(user, secret);
        }
        return new Verdict.Recognised(
                Identity.of(user.principal()),
                OptionalLong.of(user.securityVersion()),
                user.expires().orElse(Instant.MAX));
    }

    /** A login does not fail because the store cannot be written. */
    private void strengthen(User user, String secret) {
        try {
            accounts.strengthen(user.name(), secret);
        } catch (RegistryException.Unavailable | AccountException e) {
            LOG.warn("the weak hash of {}'s password stays until he logs in again", user.name(), e);
        }
    }

    @Override
    public void pretend(Credentials credentials) {
        if (credentials instanceof Credentials.Password password && !isOfAKey(password)) {
            gate.matchNobody(password.secret());
        }
    }

    private static boolean isOfAKey(Credentials.Password password) {
        return password.user().equals(ApiKeyRealm.ANY_USER) || ApiKeys.looksLikeOne(password.secret());
    }
}
