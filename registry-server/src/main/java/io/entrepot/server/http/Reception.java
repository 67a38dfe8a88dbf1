package io.entrepot.server.http;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Rights;
import io.entrepot.core.access.Visit;
import io.entrepot.core.wire.Scope;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Finds out who sends a request before anything is done for it: at once if memory knows, else on the threads for logins,
 * of which there are few, so that no crowd of them keeps others waiting.
 */
public final class Reception {
    private static final String PROTOCOL = "/v2";

    private final Entrance entrance;
    private final Workers workers;
    private final Addresses addresses;
    private final Challenges challenges;

    /** Answers a request whose sender may come in. Called on an IO thread. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpServerExchange exchange, Visitor visitor) throws Exception;
    }

    public Reception(Entrance entrance, Workers workers, Addresses addresses) {
        this.entrance = entrance;
        this.workers = workers;
        this.addresses = addresses;
        this.challenges = new Challenges(entrance, addresses::publicUrl);
    }

    Entrance entrance() {
        return entrance;
    }

    Visit visit(HttpServerExchange exchange) {
        return addresses.visit(exchange, entrance.service());
    }

    /** Where the client reached this connector: scheme, host and port, without a slash at the end. */
    String publicUrl(HttpServerExchange exchange) {
        return addresses.publicUrl(exchange);
    }

    Workers workers() {
        return workers;
    }

    /** A route for those who meet its need; others are refused. */
    public Route route(String path, boolean tree, Set<String> methods, Need need, Handler handler) {
        return new Route(
                path,
                tree,
                methods,
                need,
                exchange -> admit(exchange, List.of(), admission -> {
                    try {
                        require(need, admission);
                        handler.handle(exchange, admission.visitor());
                    } catch (Exception e) {
                        admission.refuse(e);
                    }
                }));
    }

    static void require(Need need, Admission admission) {
        if (need instanceof Need.Known && admission.unknown()) {
            throw admission.caller().refusal("use this registry", "login");
        }
        if (need instanceof Need.Administration to) {
            Rights rights = admission.caller().rights();
            if (to.change() ? !rights.administers(to.domain()) : !rights.sees(to.domain())) {
                throw admission
                        .caller()
                        .refusal("administer this server", to.domain().name());
            }
        }
    }

    /** Goes on with {@code then} on an IO thread when it is known who sends this, or answers that he may not come in. */
    void admit(HttpServerExchange exchange, List<Scope> scopes, Consumer<Admission> then) {
        Credentials credentials = credentials(exchange);
        Visit visit = visit(exchange);
        Caller caller;
        try {
            caller = entrance.authenticator().authenticate(credentials, visit, Reach.MEMORY);
        } catch (BeyondReach e) {
            exchange.dispatch(Runnable::run, () -> later(exchange, credentials, visit, scopes, then));
            return;
        } catch (RuntimeException e) {
            refuse(exchange, scopes, e);
            return;
        }
        then.accept(admission(exchange, scopes, caller, visit));
    }

    /** The session of a browser counts for all but the protocol, whose clients have none. */
    private Credentials credentials(HttpServerExchange exchange) {
        String session = Cookies.of(exchange, Cookies.SESSION);
        boolean counts = !session.isEmpty()
                && !exchange.getRequestHeaders().contains(Headers.AUTHORIZATION)
                && !RawPath.of(exchange).startsWith(PROTOCOL);
        return counts ? OwnPages.session(exchange, session, publicUrl(exchange)) : Addresses.credentials(exchange);
    }

    private void later(
            HttpServerExchange exchange,
            Credentials credentials,
            Visit visit,
            List<Scope> scopes,
            Consumer<Admission> then) {
        try {
            workers.login(() -> {
                try {
                    Caller caller = entrance.authenticator().authenticate(credentials, visit, Reach.ANYWHERE);
                    Admission admission = admission(exchange, scopes, caller, visit);
                    exchange.dispatch(exchange.getIoThread(), (HttpHandler) known -> then.accept(admission));
                } catch (RejectedExecutionException e) {
                    // The server is stopping, and the IO threads have ended.
                    refuse(exchange, scopes, Workers.overloaded());
                } catch (Throwable e) {
                    refuse(exchange, scopes, e);
                }
            });
        } catch (RegistryException.Unavailable e) {
            refuse(exchange, scopes, e);
        }
    }

    private Admission admission(HttpServerExchange exchange, List<Scope> scopes, Caller caller, Visit visit) {
        return new Admission(exchange, entrance, challenges, scopes, new Visitor(caller, visit));
    }

    private void refuse(HttpServerExchange exchange, List<Scope> scopes, Throwable why) {
        if (why instanceof Unauthorized e) {
            challenges.addTo(exchange, scopes, e);
        }
        Errors.answer(exchange, why);
    }
}
