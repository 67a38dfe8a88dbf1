package io.entrepot.auth;

import io.entrepot.auth.AccessOptions.RealmKind;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.DirectoryWatch;
import io.entrepot.auth.account.KnownIdentity;
import io.entrepot.auth.audit.AuditLimits;
import io.entrepot.auth.audit.AuditLog;
import io.entrepot.auth.oidc.OidcLogin;
import io.entrepot.auth.oidc.People;
import io.entrepot.auth.oidc.SessionAuthenticator;
import io.entrepot.auth.oidc.Sessions;
import io.entrepot.auth.oidc.TrustedIssuer;
import io.entrepot.auth.oidc.WorkloadRealm;
import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordHasher;
import io.entrepot.auth.realm.ApiKeyRealm;
import io.entrepot.auth.realm.CertificateRealm;
import io.entrepot.auth.realm.HtpasswdRealm;
import io.entrepot.auth.realm.LdapOptions;
import io.entrepot.auth.realm.LdapRealm;
import io.entrepot.auth.realm.LocalRealm;
import io.entrepot.auth.realm.Realm;
import io.entrepot.auth.realm.RealmChain;
import io.entrepot.auth.secret.MasterKey;
import io.entrepot.auth.secret.MasterKeyFile;
import io.entrepot.auth.secret.SecretBox;
import io.entrepot.auth.token.ExternalTokens;
import io.entrepot.auth.token.TokenService;
import io.entrepot.auth.token.Tokens;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Authenticator;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Visit;
import io.entrepot.core.store.DocumentStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who may do what in one installation: its users and roles, who is asked about credentials, the tokens and the audit log.
 * Everything is kept in documents, which several processes may share.
 */
public final class AccessControl implements AutoCloseable {
    /** What others have changed is seen after that, at the latest. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Directory directory;
    private final Accounts accounts;
    private final Audit audit;
    private final Tokens tokens;
    private final RealmChain chain;
    private final Sessions sessions;
    private final Optional<OidcLogin> provider;
    private final Authenticator authenticator;
    private final Optional<TokenService> tokenService;
    /** What is to be ended, the latest first. */
    private final Deque<Runnable> closing;

    private AccessControl(
            DocumentStore documents,
            Optional<Path> folder,
            AccessOptions options,
            Predicate<RegistryId> anonymousAllowed,
            InstantSource clock,
            Deque<Runnable> closing) {
        SecureRandom random = new SecureRandom();
        this.closing = closing;
        this.audit = folder.map(f -> log(f, clock)).orElse(Audit.NONE);
        this.directory = new Directory(documents, clock, anonymousAllowed);
        HashingGate hashing = new HashingGate(new PasswordHasher(random));
        this.accounts = new Accounts(directory, hashing, random, audit);
        List<Realm> realms = realms(options, hashing, new People(documents, clock), clock);
        RealmChain chain = new RealmChain(realms, directory.policy(), audit, clock, random);
        this.tokens = new Tokens(
                documents,
                secrets(folder, random),
                directory.policy(),
                directory::key,
                options.tokens(),
                audit,
                clock,
                random);
        boolean takesTokens = options.realms().contains(RealmKind.TOKEN);
        boolean givesTokens = takesTokens && options.external().isEmpty();
        this.chain = chain;
        this.sessions = new Sessions(directory.policy(), clock, random);
        this.authenticator = new SessionAuthenticator(sessions, takesTokens ? verifier(options, chain, clock) : chain);
        this.provider = options.provider()
                .filter(o -> options.realms().contains(RealmKind.OIDC))
                .map(o -> new OidcLogin(o, documents, clock, random));
        this.tokenService = givesTokens ? Optional.of(tokens.service(chain::identify)) : Optional.empty();
        closing.push(new DirectoryWatch(directory, LOOK)::close);
        closing.push(new KeyWatch(tokens.keys(), LOOK)::close);
    }

    /**
     * @param folder where the key that secrets are encrypted with and the audit log are kept; without one there is neither
     * @param anonymousAllowed whether a registry lets anonymous callers in now; answers from memory
     * @throws IllegalArgumentException with a sentence, if something in the options is wrong
     */
    public static AccessControl open(
            DocumentStore documents,
            Optional<Path> folder,
            AccessOptions options,
            Predicate<RegistryId> anonymousAllowed,
            InstantSource clock) {
        Deque<Runnable> closing = new ArrayDeque<>();
        try {
            return new AccessControl(documents, folder, options, anonymousAllowed, clock, closing);
        } catch (RuntimeException e) {
            closing.forEach(Runnable::run);
            throw e;
        }
    }

    private Audit log(Path folder, InstantSource clock) {
        AuditLog log = new AuditLog(folder.resolve("audit"), AuditLimits.DEFAULT, clock);
        closing.push(log::close);
        return log;
    }

    private Authenticator verifier(AccessOptions options, Authenticator others, InstantSource clock) {
        return options.external().map(o -> external(o, others, clock)).orElseGet(() -> tokens.verifier(others));
    }

    private static Authenticator external(AccessOptions.External options, Authenticator others, InstantSource clock) {
        TrustedIssuer issuer = new TrustedIssuer(options.issuer(), options.keys(), clock);
        return new ExternalTokens(issuer, options.service(), clock, others);
    }

    private static SecretBox secrets(Optional<Path> folder, SecureRandom random) {
        return folder.map(f -> new MasterKeyFile(f.resolve("secrets").resolve("master.key"), random).open())
                .orElseGet(() -> new SecretBox(MasterKey.generate(random), List.of(), random));
    }

    private List<Realm> realms(AccessOptions options, HashingGate hashing, People people, InstantSource clock) {
        List<Realm> realms = new ArrayList<>();
        for (RealmKind kind : options.realms()) {
            switch (kind) {
                case LOCAL -> realms.add(new LocalRealm(directory, accounts, hashing, clock));
                case API_KEY -> realms.add(new ApiKeyRealm(directory, people::groups));
                case HTPASSWD -> options.htpasswd().ifPresent(f -> realms.add(new HtpasswdRealm(f, hashing, clock)));
                case LDAP -> options.ldap().ifPresent(o -> realms.add(ldap(o, clock)));
                case CERTIFICATE ->
                    options.certificates().ifPresent(c -> realms.add(new CertificateRealm(c.from(), c.realm(), clock)));
                case WORKLOAD -> {
                    if (!options.workloads().isEmpty()) {
                        realms.add(new WorkloadRealm(options.workloads(), clock));
                    }
                }
                case TOKEN, OIDC -> {
                    // Tokens are verified before anybody is asked, and who comes from a provider has a session.
                }
            }
        }
        return realms;
    }

    private Realm ldap(LdapOptions options, InstantSource clock) {
        LdapRealm realm = new LdapRealm(options, clock);
        closing.push(realm::close);
        return realm;
    }

    public Authenticator authenticator() {
        return authenticator;
    }

    /** The browsers that are logged in. */
    public Sessions sessions() {
        return sessions;
    }

    /** With which people log in by their browsers, if there is one. */
    public Optional<OidcLogin> provider() {
        return provider;
    }

    /**
     * Begins the session of a browser. May take its time.
     *
     * @throws RegistryException.Unauthorized if the password is wrong
     */
    public Sessions.Opened login(Credentials.Password password, Visit visit) {
        KnownIdentity known = chain.identify(password, visit);
        return sessions.open(known.identity(), known.securityVersion());
    }

    /** Unless clients are to show passwords and keys only, or fetch their tokens elsewhere. */
    public Optional<TokenService> tokenService() {
        return tokenService;
    }

    public Tokens tokens() {
        return tokens;
    }

    /** All changes of users, roles and keys. */
    public Accounts accounts() {
        return accounts;
    }

    public Directory directory() {
        return directory;
    }

    public Audit audit() {
        return audit;
    }

    /** Ends its threads; what was noted is written. */
    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
