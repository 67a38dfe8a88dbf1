package io.entrepot.server.http;

import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.Scope;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import java.util.Optional;

/** A request whose sender is known: what he does is noted under his name, and what he may not is refused in his terms. */
final class Admission {
    private final HttpServerExchange exchange;
    private final Entrance entrance;
    private final Challenges challenges;
    private final List<Scope> scopes;
    private final Visitor visitor;

    /** @param scopes what a token must be good for to do this */
    Admission(
            HttpServerExchange exchange,
            Entrance entrance,
            Challenges challenges,
            List<Scope> scopes,
            Visitor visitor) {
        this.exchange = exchange;
        this.entrance = entrance;
        this.challenges = challenges;
        this.scopes = scopes;
        this.visitor = visitor;
    }

    Visitor visitor() {
        return visitor;
    }

    Caller caller() {
        return visitor.caller();
    }

    /** Whether he showed nothing at all, where something is asked for. */
    boolean unknown() {
        return caller().proof() == Proof.NONE;
    }

    /** Whether he showed who he is, be it that nobody is asked: a token may well be nobody's. */
    boolean known() {
        return !caller().principal().equals(Principal.ANONYMOUS) || caller().equals(Caller.ANYBODY);
    }

    /** Refuses who may push nothing there, before what he sends is received. */
    void requirePushing(RepositoryName name) {
        if (!mayPush(name)) {
            throw caller().refusal("push to " + name, name.value());
        }
    }

    boolean mayPush(RepositoryName name) {
        return entrance.pushes().test(caller(), name);
    }

    /** Whether he may with a better token. */
    boolean couldPush(RepositoryName name) {
        return entrance.pushes().test(caller().withAnyToken(), name);
    }

    /** Answers with an error; a 401 says how to do better. */
    void refuse(Throwable why) {
        if (why instanceof RegistryException.Unauthorized e && !exchange.isResponseStarted()) {
            challenges.addTo(exchange, scopes, e);
        }
        if (refuses(why) && !unknown()) {
            note("access.refuse", target(), Audit.Outcome.REFUSED, String.valueOf(why.getMessage()));
        }
        Errors.answer(exchange, why);
    }

    private static boolean refuses(Throwable why) {
        return why instanceof RegistryException.Denied || why instanceof RegistryException.Unauthorized;
    }

    /** Notes that he did something. */
    void note(String action, String target) {
        note(action, target, Audit.Outcome.DONE, "");
    }

    private void note(String action, String target, Audit.Outcome outcome, String reason) {
        Visit visit = visitor.visit();
        entrance.audit()
                .note(new Audit.Event(
                        action, caller().principal(), Optional.empty(), Optional.of(visit), target, outcome, reason));
    }

    private String target() {
        return exchange.getRequestMethod() + " " + RawPath.of(exchange);
    }
}
