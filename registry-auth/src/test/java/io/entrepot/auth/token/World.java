package io.entrepot.auth.token;

import io.entrepot.auth.account.ApiKey;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.KnownIdentity;
import io.entrepot.auth.account.Privilege;
import io.entrepot.auth.secret.MasterKey;
import io.entrepot.auth.secret.SecretBox;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.wire.Scope;
import io.entrepot.core.wire.TokenAnswer;
import io.entrepot.core.wire.TokenRequest;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An installation with alice and bob, whose passwords are their names, and with what API keys a test gives it. */
final class World implements Login {
    static final Principal ALICE = new Principal("local", "alice");
    static final Principal BOB = new Principal("local", "bob");

    final SettableClock clock;
    final SecureRandom random = new SecureRandom();
    final DocumentStore documents;
    final SecretBox box;
    final SmallPolicy policy = new SmallPolicy();
    final Map<String, ApiKey> apiKeys = new ConcurrentHashMap<>();
    final List<Audit.Event> audited = new CopyOnWriteArrayList<>();
    final Tokens tokens;
    final TokenService service;
    final TokenVerifier verifier;

    World() {
        this(Tokens.Options.DEFAULT);
    }

    World(Tokens.Options options) {
        this(options, new MemoryDocuments(), new SettableClock());
    }

    private World(Tokens.Options options, DocumentStore documents, SettableClock clock) {
        this.documents = documents;
        this.clock = clock;
        this.box = new SecretBox(MasterKey.generate(random), List.of(), random);
        this.tokens = tokens(options);
        this.service = tokens.service(this);
        this.verifier = verifier(tokens);
    }

    /** What another process with the same store has. */
    Tokens tokens(Tokens.Options options) {
        return new Tokens(
                documents,
                box,
                policy,
                id -> Optional.ofNullable(apiKeys.get(id)),
                options,
                audited::add,
                clock,
                random);
    }

    static TokenVerifier verifier(Tokens tokens) {
        return tokens.verifier((credentials, visit, reach) -> {
            throw new Unauthorized(Unauthorized.Reason.INVALID_TOKEN, "not mine", "not mine");
        });
    }

    @Override
    public KnownIdentity identify(Credentials credentials, Visit visit) {
        if (credentials instanceof Credentials.Password password) {
            Optional<ApiKey> key = Optional.ofNullable(apiKeys.get(password.secret()));
            if (key.isPresent()) {
                return known(new Identity(
                        key.get().principal(),
                        java.util.Set.of(),
                        key.get().restriction(),
                        Optional.of(key.get().id())));
            }
            for (Principal principal : List.of(ALICE, BOB)) {
                if (password.user().equals(principal.name())
                        && password.secret().equals(principal.name())) {
                    return known(Identity.of(principal));
                }
            }
        }
        throw new Unauthorized(Unauthorized.Reason.WRONG_CREDENTIALS, "wrong", "wrong");
    }

    private KnownIdentity known(Identity identity) {
        return new KnownIdentity(
                identity, policy.securityVersion(identity.principal()).orElseThrow(() -> new Unauthorized("disabled")));
    }

    void apiKey(String id, Principal owner, Optional<List<Privilege>> restriction) {
        apiKeys.put(
                id,
                new ApiKey(
                        id,
                        owner.id(),
                        "a key",
                        "0".repeat(64),
                        restriction,
                        clock.instant(),
                        Optional.empty(),
                        Optional.empty()));
    }

    Visit visit(String connector) {
        return new Visit(InetAddress.getLoopbackAddress(), tokens.installation().service(connector), "request-1");
    }

    Visit visit() {
        return visit("main");
    }

    static TokenRequest get(String... scopes) {
        return new TokenRequest(
                new TokenRequest.Grant.Header(), Optional.empty(), Scope.parse(List.of(scopes)), "test", false);
    }

    TokenAnswer ask(Credentials credentials, String... scopes) {
        return service.answer(get(scopes), credentials, visit(), new Desk(true));
    }

    TokenAnswer ask(Principal user, String... scopes) {
        return ask(password(user), scopes);
    }

    static Credentials.Password password(Principal user) {
        return new Credentials.Password(user.name(), user.name());
    }

    Caller show(String token) {
        return show(verifier, token);
    }

    /** As the server does: from memory if that will do. */
    Caller show(TokenVerifier to, String token) {
        return to.authenticate(new Credentials.Bearer(token), visit(), Reach.LOCAL);
    }

    /** Why it is refused. */
    Unauthorized.Reason refusal(String token) {
        try {
            Caller caller = show(token);
            throw new AssertionError("taken as that of " + caller.principal() + ": " + token);
        } catch (RegistryException.Unauthorized e) {
            return e.reason();
        }
    }
}
