package io.entrepot.proxy.testkit;

import io.entrepot.core.wire.Scope;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * A token endpoint, {@code GET} and {@code POST /token}. Tokens are good for what was asked for, unless it was denied; whoever
 * shows no credentials gets one too, unless {@link #onlyFor} was said.
 */
public final class ScriptedTokenServer extends ScriptedServer {
    private record Issued(Set<String> scopes, long endsAtMillis) {}

    private final InstantSource clock;
    private final Map<String, Issued> issued = new HashMap<>();
    private final Map<String, String> users = new HashMap<>();
    private final Set<String> identityTokens = new HashSet<>();
    private final Set<String> denied = new HashSet<>();
    private boolean anonymous = true;
    private boolean post = true;
    private Duration lifetime = Duration.ofMinutes(5);
    private int number;

    public ScriptedTokenServer() {
        this(Optional.empty(), InstantSource.system());
    }

    /** @param clock by which tokens end */
    public ScriptedTokenServer(Optional<SSLContext> tls, InstantSource clock) {
        super(tls);
        this.clock = clock;
    }

    public String realm() {
        return url("/token");
    }

    /** Only those who show this get a token. May be said several times. */
    public synchronized ScriptedTokenServer onlyFor(String user, String password) {
        users.put(user, password);
        anonymous = false;
        return this;
    }

    /** A refresh token that can be exchanged by POST. */
    public synchronized ScriptedTokenServer identityToken(String token) {
        identityTokens.add(token);
        return this;
    }

    /** Tokens are given for this repository too, but are not good for it: how Docker Hub says that it does not exist. */
    public synchronized ScriptedTokenServer deny(String repository) {
        denied.add(repository);
        return this;
    }

    /** POST is answered with 404. */
    public synchronized ScriptedTokenServer withoutPost() {
        post = false;
        return this;
    }

    /** Of tokens from now on, as they say themselves. */
    public synchronized ScriptedTokenServer lifetime(Duration newLifetime) {
        lifetime = newLifetime;
        return this;
    }

    /** No token that was given so far is good any longer. */
    public synchronized void revokeAll() {
        issued.clear();
    }

    /** Whether an {@code Authorization} header is good for this scope; for any if it is empty. */
    synchronized boolean grants(String authorization, Optional<Scope> needed) {
        Issued token = authorization.startsWith("Bearer ") ? issued.get(authorization.substring(7)) : null;
        return token != null
                && clock.millis() < token.endsAtMillis
                && (needed.isEmpty() || covers(token.scopes, needed.get()));
    }

    private static boolean covers(Set<String> granted, Scope needed) {
        return Scope.parse(granted).stream()
                .anyMatch(scope -> scope.type().equals(needed.type())
                        && scope.name().equals(needed.name())
                        && scope.actions().containsAll(needed.actions()));
    }

    @Override
    synchronized Answer truth(Exchange request) {
        if (!request.path().equals("/token")) {
            return new Answer(404);
        }
        if (request.method().equals("POST") && !post) {
            return new Answer(404);
        }
        List<Map.Entry<String, String>> parameters = parameters(
                request.method().equals("POST") ? new String(request.body(), StandardCharsets.UTF_8) : request.query());
        if (!allowed(request, parameters)) {
            return new Answer(401)
                    .json("{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"incorrect username or password\"}]}");
        }
        Set<String> scopes = values(parameters, "scope").stream()
                .flatMap(value -> List.of(value.split(" ", -1)).stream())
                .filter(scope -> denied.stream().noneMatch(name -> scope.contains(":" + name + ":")))
                .collect(Collectors.toSet());
        String token = "token-" + ++number;
        issued.put(token, new Issued(scopes, clock.millis() + lifetime.toMillis()));
        return new Answer(200)
                .json("{\"token\":\"" + token + "\",\"access_token\":\"" + token + "\",\"expires_in\":"
                        + lifetime.toSeconds() + ",\"issued_at\":\"" + clock.instant() + "\"}");
    }

    private boolean allowed(Exchange request, List<Map.Entry<String, String>> parameters) {
        Optional<String> basic = request.header("Authorization");
        if (basic.isPresent()) {
            return users.entrySet().stream()
                    .anyMatch(
                            u -> Gate.basicCredentials(u.getKey(), u.getValue()).equals(basic.get()));
        }
        List<String> refresh = values(parameters, "refresh_token");
        if (!refresh.isEmpty()) {
            return identityTokens.contains(refresh.get(0));
        }
        List<String> password = values(parameters, "password");
        if (!password.isEmpty()) {
            return password.get(0).equals(users.get(String.join("", values(parameters, "username"))));
        }
        return anonymous;
    }

    private static List<String> values(List<Map.Entry<String, String>> parameters, String name) {
        return parameters.stream()
                .filter(parameter -> parameter.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static List<Map.Entry<String, String>> parameters(String form) {
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        for (String parameter : form.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.add(Map.entry(
                        parameter.substring(0, equals),
                        URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8)));
            }
        }
        return parameters;
    }
}
