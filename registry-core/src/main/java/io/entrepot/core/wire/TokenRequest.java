package io.entrepot.core.wire;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a token endpoint is asked for, as a GET with a query (distribution, "Token authentication specification") or a
 * POST with a form ("OAuth2 token authentication"). Parsed by the server, rendered by the client.
 *
 * @param grant how the client shows who it is
 * @param service what the token shall be made out for; if empty the client did not say
 * @param client what the client calls itself; empty if it does not say
 * @param offline whether a refresh token is wanted, too
 */
public record TokenRequest(Grant grant, Optional<String> service, List<Scope> scopes, String client, boolean offline) {
    /** No client sends nearly as much. */
    public static final int MAX_FORM_BYTES = 64 << 10;

    /** How a client shows who it is. None of these prints what is secret in it. */
    public sealed interface Grant {
        /** By the request's own {@code Authorization}, if it has one. */
        record Header() implements Grant {}

        record Password(String user, String secret) implements Grant {
            @Override
            public String toString() {
                return "password of " + user;
            }
        }

        record Refresh(String token) implements Grant {
            @Override
            public String toString() {
                return "refresh token";
            }
        }

        /** One that this program does not know. */
        record Other(String type) implements Grant {}
    }

    public TokenRequest {
        scopes = List.copyOf(scopes);
    }

    /** @throws RegistryException.Invalid if an escape in the query is malformed; whatever else is odd is passed over */
    public static TokenRequest ofQuery(String raw) {
        Query query = parse(raw);
        return read(query, new Grant.Header(), query.first("offline_token"), "true");
    }

    /**
     * @throws RegistryException.Invalid if it is too large, or an escape is malformed
     * @throws TokenRefusal if it says of no grant type what is needed for it
     */
    public static TokenRequest ofForm(byte[] form) {
        if (form.length > MAX_FORM_BYTES) {
            throw new RegistryException.TooLarge(
                    ErrorCode.SIZE_INVALID,
                    MAX_FORM_BYTES,
                    "a token request is at most " + MAX_FORM_BYTES + " bytes of form");
        }
        Query query = parse(new String(form, StandardCharsets.ISO_8859_1));
        return read(query, grant(query), query.first("access_type"), "offline");
    }

    private static Grant grant(Query form) {
        String type = form.first("grant_type").orElse("");
        return switch (type) {
            case "password" -> new Grant.Password(required(form, "username"), required(form, "password"));
            case "refresh_token" -> new Grant.Refresh(required(form, "refresh_token"));
            case "" -> throw TokenRefusal.invalidRequest("grant_type is missing");
            default -> new Grant.Other(type);
        };
    }

    private static String required(Query form, String name) {
        return form.first(name).orElseThrow(() -> TokenRefusal.invalidRequest(name + " is missing"));
    }

    /** Of a form, and of what clients send here as a query, a plus sign is a space. */
    private static Query parse(String raw) {
        return Query.parse(raw.replace("+", "%20"));
    }

    private static TokenRequest read(Query query, Grant grant, Optional<String> offline, String yes) {
        return new TokenRequest(
                grant,
                query.first("service").filter(service -> !service.isEmpty()),
                Scope.parse(query.all("scope")),
                query.first("client_id").orElse(""),
                offline.filter(yes::equals).isPresent());
    }

    /** As the query of a GET, without a question mark; what shows who asks goes into {@code Authorization}. */
    public String query() {
        UriBuilder query = new UriBuilder("");
        common(query);
        if (offline) {
            query.add("offline_token", "true");
        }
        String rendered = query.toString();
        return rendered.isEmpty() ? rendered : rendered.substring(1);
    }

    /** As the form of a POST; a grant by header is a GET's. */
    public byte[] form() {
        UriBuilder form = new UriBuilder("");
        if (grant instanceof Grant.Password password) {
            form.add("grant_type", "password");
            form.add("username", password.user());
            form.add("password", password.secret());
        } else if (grant instanceof Grant.Refresh refresh) {
            form.add("grant_type", "refresh_token");
            form.add("refresh_token", refresh.token());
        } else {
            throw new IllegalStateException("a form carries a password or a refresh token, not " + grant);
        }
        common(form);
        if (offline) {
            form.add("access_type", "offline");
        }
        return form.toString().substring(1).getBytes(StandardCharsets.US_ASCII);
    }

    private void common(UriBuilder query) {
        service.ifPresent(name -> query.add("service", name));
        scopes.forEach(scope -> query.add("scope", scope.toString()));
        if (!client.isEmpty()) {
            query.add("client_id", client);
        }
    }
}
