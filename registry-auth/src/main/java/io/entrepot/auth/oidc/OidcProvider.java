package io.entrepot.auth.oidc;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * An issuer as it describes itself under {@code /.well-known/openid-configuration}. The description counts only if it
 * names the very issuer that was asked for; it is read again every hour, and the last good one stays while that fails.
 */
final class OidcProvider {
    private static final String PATH = "/.well-known/openid-configuration";

    private final URI issuer;
    private final Outbound outbound;
    private final Refreshed<Description> description;
    private final IssuerKeys keys;

    private record Description(Map<String, Object> values) {}

    OidcProvider(URI issuer, Outbound outbound, InstantSource clock) {
        this.issuer = issuer;
        this.outbound = outbound;
        this.description = new Refreshed<>(this::discover, clock);
        this.keys = new IssuerKeys(() -> outbound.get(endpoint("jwks_uri")), clock);
    }

    String issuer() {
        return issuer.toString();
    }

    IssuerKeys keys() {
        return keys;
    }

    /** @throws Outbound.FailedException if it has none of that name, or cannot be asked */
    URI endpoint(String name) throws Outbound.FailedException {
        if (!(description.get().values().get(name) instanceof String text)) {
            throw new Outbound.FailedException("its description has no " + name);
        }
        try {
            URI uri = new URI(text);
            if ("https".equalsIgnoreCase(issuer.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
                throw new Outbound.FailedException("its " + name + " is not https, as the issuer is");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new Outbound.FailedException("its " + name + " is no address", e);
        }
    }

    /** Whether its answers say who gives them (RFC 9207). */
    boolean namesItself() throws Outbound.FailedException {
        return Boolean.TRUE.equals(description.get().values().get("authorization_response_iss_parameter_supported"));
    }

    /** Whether a client's secret goes into the form, because it does not take it as a header. */
    boolean takesSecretInForm() throws Outbound.FailedException {
        return description.get().values().get("token_endpoint_auth_methods_supported") instanceof List<?> methods
                && methods.contains("client_secret_post")
                && !methods.contains("client_secret_basic");
    }

    private Description discover() throws Outbound.FailedException {
        String base = issuer.toString();
        String at = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        Map<String, Object> values = Json.object(outbound.get(URI.create(at + PATH)));
        if (!base.equals(values.get("issuer"))) {
            throw new Outbound.FailedException("it describes itself as another issuer than " + base);
        }
        return new Description(values);
    }
}
