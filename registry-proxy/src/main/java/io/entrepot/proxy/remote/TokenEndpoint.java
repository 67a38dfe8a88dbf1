package io.entrepot.proxy.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized.Reason;
import io.entrepot.core.wire.Challenge;
import io.entrepot.core.wire.TokenAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Response;
import okio.Buffer;

/** Exchanges what we have for a token. */
final class TokenEndpoint {
    private static final int MOST_BYTES = 1 << 20;
    /** By which servers say that they know no POST, or lead elsewhere with it. */
    private static final Set<Integer> NOT_BY_POST = Set.of(301, 302, 303, 307, 308, 400, 401, 404, 405);

    private final Hops hops;
    private final RemoteOptions options;
    private final InstantSource clock;

    TokenEndpoint(Hops hops, RemoteOptions options, InstantSource clock) {
        this.hops = hops;
        this.options = options;
        this.clock = clock;
    }

    /**
     * @throws RegistryException.Unauthorized if it refuses: NOBODY if nothing was shown */
    Tokens.Token exchange(HttpUrl realm, Challenge.Bearer challenge, List<String> scopes, Optional<Credential> shown) {
        if (shown.orElse(null) instanceof Credential.IdentityToken identity) {
            try (OkReply reply = post(realm, challenge, scopes, identity)) {
                if (!NOT_BY_POST.contains(reply.status())) {
                    return read(reply, realm, shown);
                }
            }
        }
        HttpUrl.Builder url = realm.newBuilder();
        if (!challenge.service().isEmpty()) {
            url.addQueryParameter("service", challenge.service());
        }
        scopes.forEach(scope -> url.addQueryParameter("scope", scope));
        try (OkReply reply = ask("GET", url.build(), Optional.empty(), shown.flatMap(TokenEndpoint::basic), Map.of())) {
            return read(reply, realm, shown);
        }
    }

    static Optional<String> basic(Credential credential) {
        if (credential instanceof Credential.Password password) {
            return Optional.of(okhttp3.Credentials.basic(password.user(), password.secret(), UTF_8));
        }
        if (credential instanceof Credential.IdentityToken identity) {
            return Optional.of(okhttp3.Credentials.basic("", identity.token(), UTF_8));
        }
        return Optional.empty();
    }

    private OkReply post(
            HttpUrl realm, Challenge.Bearer challenge, List<String> scopes, Credential.IdentityToken identity) {
        FormBody form = new FormBody.Builder()
                .add("grant_type", "refresh_token")
                .add("service", challenge.service())
                .add("client_id", "entrepot")
                .add("scope", String.join(" ", scopes))
                .add("refresh_token", identity.token())
                .build();
        ByteBuffer body = ByteBuffer.wrap(bytes(form));
        return ask(
                "POST",
                realm,
                Optional.of(body),
                Optional.empty(),
                Map.of("Content-Type", "application/x-www-form-urlencoded"));
    }

    private static byte[] bytes(FormBody form) {
        Buffer buffer = new Buffer();
        try {
            form.writeTo(buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.readByteArray();
    }

    private OkReply ask(
            String method,
            HttpUrl url,
            Optional<ByteBuffer> body,
            Optional<String> authorization,
            Map<String, String> headers) {
        Hops.Ask ask = new Hops.Ask(method, url, headers, body, authorization, true);
        // A body holds the token that we keep: it is for the realm and for nobody whom it names.
        Response response = body.isPresent() ? hops.straight(ask) : hops.follow(ask);
        return new OkReply(response, "token", options);
    }

    private Tokens.Token read(OkReply reply, HttpUrl realm, Optional<Credential> shown) {
        String where = "the token endpoint " + realm.host();
        int status = reply.status();
        if (status == 200) {
            TokenAnswer answer = TokenAnswer.read(reply.bytes(MOST_BYTES), clock.instant())
                    .orElseThrow(() -> Hops.unavailable(where + " gave no token", null));
            if (!answer.token().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw Hops.unavailable(where + " gave a token that cannot be sent", null);
            }
            return Tokens.Token.of(answer, clock.instant());
        }
        if (status == 403 && shown.isPresent()) {
            throw new RegistryException.Unauthorized(
                    Reason.INSUFFICIENT_SCOPE, where + " gives no token for this with the configured credentials", "");
        }
        if (status == 401 || status == 403) {
            throw shown.isPresent()
                    ? wrong(where + " refused the configured credentials: check them")
                    : nobody(where + " gives no token without credentials: configure some");
        }
        throw new RegistryException.Unavailable(
                status == 429 ? ErrorCode.TOOMANYREQUESTS : ErrorCode.UNAVAILABLE,
                where + " answered " + status,
                Budgets.retryAfter(reply.rawHeaders(), clock.instant()),
                Refusals.inTrouble(status) ? new IOException(where + " answered " + status) : null);
    }

    static RegistryException.Unauthorized wrong(String message) {
        return new RegistryException.Unauthorized(Reason.WRONG_CREDENTIALS, message, "");
    }

    static RegistryException.Unauthorized nobody(String message) {
        return new RegistryException.Unauthorized(Reason.NOBODY, message, "");
    }
}
