package io.entrepot.core.wire;

/**
 * Why a token endpoint does not look at a request at all, in the words of OAuth 2.0 (RFC 6749, section 5.2). Wrong
 * credentials are not among it: they are a 401 like everywhere.
 */
public final class TokenRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String error;

    private TokenRefusal(String error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    public static TokenRefusal invalidRequest(String message) {
        return new TokenRefusal("invalid_request", message);
    }

    public static TokenRefusal unsupportedGrantType() {
        return new TokenRefusal("unsupported_grant_type", "grant_type is password or refresh_token");
    }

    /** The token is asked for somebody else's service. */
    public static TokenRefusal foreignService(String ours) {
        return new TokenRefusal("invalid_target", "tokens are made out here for the service " + ours + ", no other");
    }

    /** Clients that begin with a POST go on with a GET after this. */
    public int status() {
        return 400;
    }

    public String error() {
        return error;
    }

    public byte[] json() {
        return Json.bytes(json -> json.beginObject()
                .name("error")
                .value(error)
                .name("error_description")
                .value(getMessage())
                .endObject());
    }
}
