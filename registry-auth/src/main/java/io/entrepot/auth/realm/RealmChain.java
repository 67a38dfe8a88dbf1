package io.entrepot.auth.realm;

import io.entrepot.auth.account.ApiKeys;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.KnownIdentity;
import io.entrepot.auth.account.Policy;
import io.entrepot.auth.realm.Realm.Verdict;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Visit;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Asks realms in order who somebody is. What was verified a moment ago is answered from memory; the same credential shown
 * by many at once is verified once; and who guesses is told to come back later. A refusal is the same sentence, and costs
 * the same, whether or not there is somebody of that name.
 */
public final class RealmChain implements Authenticator {
    static final String WRONG = "unauthorized: wrong user name or password";
    private static final String WRONG_TOKEN = "unauthorized: the token is wrong, expired or revoked";
    /** A password that is changed while it is verified is verified again, this many times. */
    private static final int TRIES = 3;

    /** A credential with all that is asked about it. */
    private record Shown(
            Credentials credentials,
            Visit visit,
            Fingerprint fingerprint,
            Optional<Throttle.Guess> guess,
            Proof proof,
            String action,
            Principal claimed) {}

    private record Found(Realm realm, Verdict.Recognised recognised) {}

    private final List<Realm> realms;
    private final Policy policy;
    private final Throttle throttle;
    private final Audit audit;
    private final Fingerprints fingerprints;
    private final VerifiedCredentials verified;
    private final ConcurrentMap<Fingerprint, CompletableFuture<KnownIdentity>> running = new ConcurrentHashMap<>();

    /** @param realms in the order in which they are asked */
    public RealmChain(List<Realm> realms, Policy policy, Audit audit, InstantSource clock, SecureRandom random) {
        this.realms = List.copyOf(realms);
        this.policy = policy;
        this.throttle = new Throttle(clock);
        this.audit = audit;
        this.fingerprints = new Fingerprints(random);
        this.verified = new VerifiedCredentials(policy, clock);
    }

    @Override
    public Caller authenticate(Credentials credentials, Visit visit, Reach reach) {
        if (credentials instanceof Credentials.None) {
            return Caller.anonymous(policy.anonymous());
        }
        Shown shown = shown(credentials, visit);
        Identity identity = identify(shown, reach).identity();
        return new Caller(identity.principal(), shown.proof(), policy.rights(identity), Access.ALL);
    }

    /**
     * The same, for those who make something of it that shall be revoked with it, such as a token. May take its time.
     *
     * @throws RegistryException.Unauthorized if it is wrong, or nothing at all
     * @throws RegistryException.Unavailable as for {@link #authenticate}
     */
    public KnownIdentity identify(Credentials credentials, Visit visit) {
        return identify(shown(credentials, visit), Reach.ANYWHERE);
    }

    private Shown shown(Credentials credentials, Visit visit) {
        if (credentials instanceof Credentials.Password password) {
            return shown(password, visit);
        }
        if (credentials instanceof Credentials.Bearer bearer) {
            return shown(bearer, visit);
        }
        if (credentials instanceof Credentials.Certificate certificate) {
            return shown(certificate, visit);
        }
        String why = credentials instanceof Credentials.Malformed malformed ? malformed.why() : "no realm takes this";
        note("login.other", new Principal("", ""), Optional.empty(), visit, Audit.Outcome.REFUSED, why);
        throw wrong(Proof.BASIC);
    }

    private KnownIdentity identify(Shown shown, Reach reach) {
        Optional<KnownIdentity> known = fromMemory(shown);
        if (known.isPresent()) {
            return known.get();
        }
        shown.guess().ifPresent(guess -> admit(shown, throttle.delay(guess)));
        reach.require(Reach.LOCAL);
        return onlyOnce(shown);
    }

    private Optional<KnownIdentity> fromMemory(Shown shown) {
        Optional<KnownIdentity> good = verified.good(shown.fingerprint());
        if (good.isEmpty() && verified.isWrong(shown.fingerprint())) {
            refused(shown, "again");
            throw wrong(shown.proof());
        }
        return good;
    }

    /** The first to show it verifies it; whoever shows the same meanwhile waits for what comes of that. */
    private KnownIdentity onlyOnce(Shown shown) {
        CompletableFuture<KnownIdentity> mine = new CompletableFuture<>();
        CompletableFuture<KnownIdentity> first = running.putIfAbsent(shown.fingerprint(), mine);
        if (first != null) {
            return outcome(first);
        }
        try {
            // Another first one may have ended after memory was asked.
            Optional<KnownIdentity> known = fromMemory(shown);
            mine.complete(known.isPresent() ? known.get() : verify(shown));
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
        } finally {
            running.remove(shown.fingerprint(), mine);
        }
        return outcome(mine);
    }

    private static KnownIdentity outcome(CompletableFuture<KnownIdentity> verification) {
        try {
            return verification.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private KnownIdentity verify(Shown shown) {
        if (shown.guess().isEmpty()) {
            return judge(shown);
        }
        Throttle.Guess guess = shown.guess().get();
        admit(shown, throttle.enter(guess));
        Throttle.Outcome outcome = Throttle.Outcome.OPEN;
        try {
            KnownIdentity known = judge(shown);
            outcome = Throttle.Outcome.GOOD;
            return known;
        } catch (RegistryException.Unauthorized e) {
            outcome = Throttle.Outcome.WRONG;
            throw e;
        } finally {
            throttle.leave(guess, outcome);
        }
    }

    private KnownIdentity judge(Shown shown) {
        for (int i = 0; i < TRIES; i++) {
            Found found = recognise(shown);
            Verdict.Recognised recognised = found.recognised();
            Identity identity = recognised.identity();
            OptionalLong version = policy.securityVersion(identity.principal());
            if (version.isEmpty()) {
                throw refuse(shown, identity.principal() + " is disabled or gone");
            }
            if (recognised.asOf().isEmpty() || recognised.asOf().equals(version)) {
                KnownIdentity known = new KnownIdentity(identity, version.getAsLong());
                verified.addGood(shown.fingerprint(), known, () -> found.realm().holds(identity), recognised.until());
                note(
                        shown.action(),
                        identity.principal(),
                        identity.credential(),
                        shown.visit(),
                        Audit.Outcome.DONE,
                        "");
                return known;
            }
        }
        throw new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE,
                "this account is being changed: try again",
                Optional.of(Duration.ofSeconds(1)),
                null);
    }

    private Found recognise(Shown shown) {
        for (Realm realm : realms) {
            Verdict verdict = ask(realm, shown);
            if (verdict instanceof Verdict.Recognised recognised) {
                return new Found(realm, recognised);
            }
            if (verdict instanceof Verdict.Wrong wrong) {
                pretendAfter(realm, shown);
                throw refuse(shown, realm.name() + ": " + wrong.why());
            }
        }
        // If there is no room to hash, a stranger is told so as those are whom somebody knows.
        realms.forEach(realm -> realm.pretend(shown.credentials()));
        throw refuse(shown, "no realm knows this");
    }

    private Verdict ask(Realm realm, Shown shown) {
        try {
            return realm.judge(shown.credentials(), shown.visit());
        } catch (RegistryException.Unavailable e) {
            note(
                    shown.action(),
                    shown.claimed(),
                    Optional.empty(),
                    shown.visit(),
                    Audit.Outcome.FAILED,
                    realm.name() + ": " + e.getMessage());
            throw e;
        }
    }

    private void pretendAfter(Realm judged, Shown shown) {
        try {
            realms.stream().filter(realm -> realm != judged).forEach(realm -> realm.pretend(shown.credentials()));
        } catch (RegistryException.Unavailable e) {
            // It has been judged, and counts as a failure, whether or not there is room to hash more.
        }
    }

    private RegistryException refuse(Shown shown, String why) {
        verified.addWrong(shown.fingerprint());
        refused(shown, why);
        return wrong(shown.proof());
    }

    private void admit(Shown shown, Duration delay) {
        if (delay.isZero()) {
            return;
        }
        long seconds = delay.plusMillis(999).toSeconds();
        refused(shown, "too many failures: not before " + seconds + " s");
        throw new RegistryException.Unavailable(
                ErrorCode.TOOMANYREQUESTS,
                "too many failed logins from this address: try again in " + seconds + " s",
                Optional.of(Duration.ofSeconds(seconds)),
                null);
    }

    private void refused(Shown shown, String why) {
        note(shown.action(), shown.claimed(), Optional.empty(), shown.visit(), Audit.Outcome.REFUSED, why);
    }

    private void note(
            String action,
            Principal principal,
            Optional<String> credential,
            Visit visit,
            Audit.Outcome outcome,
            String reason) {
        audit.note(
                new Audit.Event(action, principal, credential, Optional.of(visit), visit.service(), outcome, reason));
    }

    private static RegistryException wrong(Proof proof) {
        String message = proof == Proof.BASIC ? WRONG : WRONG_TOKEN;
        return new RegistryException.Unauthorized(
                proof == Proof.BASIC
                        ? RegistryException.Unauthorized.Reason.WRONG_CREDENTIALS
                        : RegistryException.Unauthorized.Reason.INVALID_TOKEN,
                message,
                message);
    }

    private Shown shown(Credentials.Password password, Visit visit) {
        Fingerprint fingerprint = fingerprints.of(password);
        // Of what nobody guesses each is an account of its own, and only its network is slowed.
        Fingerprint account = isGuessable(password)
                ? fingerprints.ofAccount(password.user().strip().toLowerCase(Locale.ROOT))
                : fingerprint;
        return new Shown(
                password,
                visit,
                fingerprint,
                Optional.of(new Throttle.Guess(account, Network.of(visit.from()), fingerprint)),
                Proof.BASIC,
                "login.password",
                new Principal("", password.user()));
    }

    /** API keys and the tokens of workloads are not: many jobs may show many, some of them expired, for one name. */
    private static boolean isGuessable(Credentials.Password password) {
        String secret = password.secret();
        boolean token = secret.startsWith("eyJ") && secret.indexOf('.') != secret.lastIndexOf('.');
        return !token && !ApiKeys.looksLikeOne(secret) && !password.user().equals(ApiKeyRealm.ANY_USER);
    }

    private Shown shown(Credentials.Bearer bearer, Visit visit) {
        Fingerprint fingerprint = fingerprints.of(bearer);
        return new Shown(
                bearer,
                visit,
                fingerprint,
                Optional.of(new Throttle.Guess(fingerprint, Network.of(visit.from()), fingerprint)),
                Proof.OTHER,
                "login.bearer",
                new Principal("", ""));
    }

    private Shown shown(Credentials.Certificate certificate, Visit visit) {
        String subject = certificate.chain().get(0).getSubjectX500Principal().getName();
        return new Shown(
                certificate,
                visit,
                fingerprints.of(certificate),
                Optional.empty(),
                Proof.OTHER,
                "login.certificate",
                new Principal("", subject));
    }
}
