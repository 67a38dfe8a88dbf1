package io.entrepot.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.auth.account.AccountException;
import io.entrepot.auth.oidc.OidcLogin;
import io.entrepot.auth.oidc.ReturnPath;
import io.entrepot.auth.oidc.Session;
import io.entrepot.auth.oidc.Sessions;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Visit;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code /login}: where browsers log in, with a name and a password or by way of an identity provider, and out again.
 * Whatever comes of it is one of our sessions. Every route is free for everybody, since it judges by itself.
 */
public final class LoginHandler {
    private static final Set<String> GET = Set.of("GET");
    private static final Set<String> POST = Set.of("POST");
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CALLBACK = "/login/oidc/callback";
    private static final HttpString REFERRER_POLICY = new HttpString("Referrer-Policy");
    private static final HttpString FRAME_OPTIONS = new HttpString("X-Frame-Options");
    private static final String POLICY =
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final Reception reception;
    private final Sessions sessions;
    private final Passwords passwords;
    private final Optional<OidcLogin> provider;
    private final KeyMaker keys;

    /** Who has this name and password. */
    @FunctionalInterface
    public interface Passwords {
        /**
         * May take its time.
         *
         * @throws RegistryException.Unauthorized if it is wrong
         */
        Sessions.Opened open(Credentials.Password password, Visit visit);
    }

    /** Makes an API key for somebody who asks for one himself. */
    @FunctionalInterface
    public interface KeyMaker {
        /**
         * @return the key's text
         * @throws AccountException if he has too many, or the label cannot be one
         */
        String make(Caller owner, String label);
    }

    /** Answers a request. */
    private interface Work {
        void run();
    }

    public LoginHandler(
            Reception reception, Sessions sessions, Passwords passwords, Optional<OidcLogin> provider, KeyMaker keys) {
        this.reception = reception;
        this.sessions = sessions;
        this.passwords = passwords;
        this.provider = provider;
        this.keys = keys;
    }

    public List<Route> routes() {
        return List.of(
                Route.free("/login/oidc", GET, this::begin),
                Route.free(CALLBACK, GET, this::comeBack),
                Route.free("/login/done", GET, this::done),
                Route.free("/login/session", GET, this::show),
                Route.free("/login/key", POST, exchange -> own(exchange, this::makeKey)),
                Route.free("/login/logout", POST, exchange -> own(exchange, this::logOut)),
                new Route("/login", false, Set.of("GET", "POST"), Need.NOTHING, this::login));
    }

    private void login(HttpServerExchange exchange) {
        if (exchange.getRequestMethod().equalToString("GET")) {
            safely(
                    exchange,
                    () -> html(exchange, 200, LoginPages.login(provider.isPresent(), returnTo(query(exchange)), "")));
        } else if (OwnPages.isForeign(exchange.getRequestHeaders(), reception.publicUrl(exchange))) {
            html(exchange, 403, LoginPages.sentence("Not from here", "A page of another site cannot log you in."));
        } else {
            boolean json = isJson(exchange);
            MemoryBody.receive(
                    exchange,
                    reception.workers(),
                    LoginForm.MAX_BYTES,
                    body -> later(exchange, () -> logIn(exchange, body, json)),
                    why -> Errors.answer(exchange, why));
        }
    }

    private void logIn(HttpServerExchange exchange, byte[] body, boolean json) {
        LoginForm form = json ? LoginForm.ofJson(body) : LoginForm.ofForm(new String(body, UTF_8));
        ReturnPath returnTo = returnTo(form);
        try {
            Credentials.Password password = new Credentials.Password(form.get("name"), form.get("password"));
            Sessions.Opened opened = passwords.open(password, reception.visit(exchange));
            begin(exchange, opened);
            if (json) {
                json(exchange, opened.session());
            } else {
                redirect(exchange, returnTo.value());
            }
        } catch (RegistryException e) {
            if (json) {
                Errors.answer(exchange, e);
            } else {
                html(exchange, status(e), LoginPages.login(provider.isPresent(), returnTo, message(e)));
            }
        }
    }

    /** The session that the browser had before ends: whoever may have known its id knows nothing of this one. */
    private void begin(HttpServerExchange exchange, Sessions.Opened opened) {
        sessions.end(Cookies.of(exchange, Cookies.SESSION));
        Cookies.setSession(exchange, opened.id(), isSecure(exchange));
    }

    private void begin(HttpServerExchange exchange) {
        later(exchange, () -> {
            Visit visit = reception.visit(exchange);
            URI callback = URI.create(reception.publicUrl(exchange) + CALLBACK);
            OidcLogin.Begun begun = provider().begin(callback, returnTo(query(exchange)), visit.from());
            Cookies.setLogin(exchange, begun.browser(), isSecure(exchange));
            redirect(exchange, begun.goTo().toString());
        });
    }

    private void comeBack(HttpServerExchange exchange) {
        later(exchange, () -> {
            Visit visit = reception.visit(exchange);
            LoginForm query = query(exchange);
            OidcLogin.Reply reply =
                    new OidcLogin.Reply(query.get("state"), query.get("code"), query.get("error"), query.get("iss"));
            Cookies.dropLogin(exchange, isSecure(exchange));
            try {
                OidcLogin.Person person = provider().finish(reply, Cookies.of(exchange, Cookies.LOGIN));
                Sessions.Opened opened = sessions.open(person.identity());
                begin(exchange, opened);
                note("login.oidc", opened.session().principal(), visit, Audit.Outcome.DONE, "");
                html(exchange, 200, LoginPages.onwards(person.returnTo()));
            } catch (RegistryException e) {
                Audit.Outcome outcome =
                        e instanceof RegistryException.Unavailable ? Audit.Outcome.FAILED : Audit.Outcome.REFUSED;
                note("login.oidc", new Principal("oidc", ""), visit, outcome, message(e));
                throw e;
            }
        });
    }

    private OidcLogin provider() {
        return provider.orElseThrow(
                () -> new RegistryException.Unsupported("no identity provider is set up: set access.oidc.issuer"));
    }

    private void done(HttpServerExchange exchange) {
        Optional<Session> session = session(exchange);
        if (session.isPresent()) {
            html(exchange, 200, LoginPages.done(session.get()));
        } else {
            redirect(exchange, "/login");
        }
    }

    private void show(HttpServerExchange exchange) {
        Optional<Session> session = session(exchange);
        if (session.isPresent()) {
            json(exchange, session.get());
        } else {
            Errors.answer(exchange, new RegistryException.Unauthorized("nobody is logged in: POST /login"));
        }
    }

    /** For what changes something: only with the session's word, as a header or in the form, and only from our own pages. */
    private void own(HttpServerExchange exchange, OwnWork work) {
        MemoryBody.receive(
                exchange,
                reception.workers(),
                LoginForm.MAX_BYTES,
                body -> later(exchange, () -> {
                    LoginForm form =
                            isJson(exchange) ? LoginForm.ofJson(body) : LoginForm.ofForm(new String(body, UTF_8));
                    String header = Header.of(exchange, OwnPages.CSRF_TOKEN);
                    String word = header.isEmpty() ? form.get("csrf") : header;
                    Session session = session(exchange)
                            .orElseThrow(() -> new RegistryException.Denied("nobody is logged in", "login"));
                    if (OwnPages.isForeign(exchange.getRequestHeaders(), reception.publicUrl(exchange))
                            || !session.isMeant(word)) {
                        throw new RegistryException.Denied("this does not come from a page of this server", "login");
                    }
                    work.run(exchange, session, form);
                }),
                why -> Errors.answer(exchange, why));
    }

    private interface OwnWork {
        void run(HttpServerExchange exchange, Session session, LoginForm form);
    }

    private void makeKey(HttpServerExchange exchange, Session session, LoginForm form) {
        Caller owner = new Caller(session.principal(), Proof.OTHER, session.rights(), Access.ALL);
        String secret;
        try {
            secret = keys.make(owner, form.get("label"));
        } catch (AccountException e) {
            throw new RegistryException.Denied(String.valueOf(e.getMessage()), "login/key");
        }
        String host = URI.create(reception.publicUrl(exchange)).getRawAuthority();
        html(exchange, 200, LoginPages.key(session, host, secret));
    }

    private void logOut(HttpServerExchange exchange, Session session, LoginForm form) {
        sessions.end(Cookies.of(exchange, Cookies.SESSION));
        Cookies.dropSession(exchange, isSecure(exchange));
        note("logout", session.principal(), reception.visit(exchange), Audit.Outcome.DONE, "");
        redirect(exchange, "/login");
    }

    private Optional<Session> session(HttpServerExchange exchange) {
        return sessions.find(Cookies.of(exchange, Cookies.SESSION));
    }

    private boolean isSecure(HttpServerExchange exchange) {
        return reception.publicUrl(exchange).startsWith("https:");
    }

    private static LoginForm query(HttpServerExchange exchange) {
        return LoginForm.ofForm(exchange.getQueryString());
    }

    private static ReturnPath returnTo(LoginForm form) {
        String wanted = form.get("return");
        return wanted.isEmpty() ? ReturnPath.DONE : new ReturnPath(wanted);
    }

    private static boolean isJson(HttpServerExchange exchange) {
        return Header.of(exchange, Headers.CONTENT_TYPE)
                .toLowerCase(Locale.ROOT)
                .startsWith(Answers.JSON);
    }

    private void note(String action, Principal principal, Visit visit, Audit.Outcome outcome, String reason) {
        reception
                .entrance()
                .audit()
                .note(new Audit.Event(
                        action, principal, Optional.empty(), Optional.of(visit), visit.service(), outcome, reason));
    }

    private void later(HttpServerExchange exchange, Work work) {
        exchange.dispatch(Runnable::run, () -> {
            try {
                reception.workers().login(() -> safely(exchange, work));
            } catch (RegistryException.Unavailable e) {
                refuse(exchange, e);
            }
        });
    }

    private static void safely(HttpServerExchange exchange, Work work) {
        try {
            work.run();
        } catch (RegistryException e) {
            refuse(exchange, e);
        } catch (Throwable e) {
            Errors.answer(exchange, e);
        }
    }

    private static void refuse(HttpServerExchange exchange, RegistryException why) {
        Errors.note(exchange, why);
        html(exchange, status(why), LoginPages.sentence("Refused", message(why)));
    }

    private static String message(RegistryException why) {
        return String.valueOf(why.getMessage());
    }

    private static int status(RegistryException why) {
        if (why instanceof RegistryException.Unauthorized) {
            return 401;
        }
        if (why instanceof RegistryException.Unavailable) {
            return 503;
        }
        if (why instanceof RegistryException.Unsupported) {
            return 404;
        }
        return why instanceof RegistryException.Invalid ? 400 : 403;
    }

    private static void json(HttpServerExchange exchange, Session session) {
        JsonObject json = new JsonObject();
        json.addProperty("principal", session.principal().id());
        JsonArray groups = new JsonArray();
        new TreeSet<>(session.groups()).forEach(groups::add);
        json.add("groups", groups);
        json.addProperty("csrfToken", session.csrf());
        json.addProperty("ends", session.ends().toString());
        protect(exchange);
        Answers.bytes(
                exchange, 200, Answers.JSON, ByteBuffer.wrap(json.toString().getBytes(UTF_8)));
    }

    private static void html(HttpServerExchange exchange, int status, String page) {
        protect(exchange);
        Answers.bytes(exchange, status, HTML, ByteBuffer.wrap(page.getBytes(UTF_8)));
    }

    private static void redirect(HttpServerExchange exchange, String to) {
        protect(exchange);
        exchange.getResponseHeaders().put(Headers.LOCATION, to);
        Answers.empty(exchange, 303);
    }

    private static void protect(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getResponseHeaders();
        headers.put(Headers.CACHE_CONTROL, Answers.NO_STORE);
        headers.put(Answers.CONTENT_TYPE_OPTIONS, "nosniff");
        headers.put(Answers.CONTENT_SECURITY_POLICY, POLICY);
        headers.put(REFERRER_POLICY, "no-referrer");
        headers.put(FRAME_OPTIONS, "DENY");
    }
}
