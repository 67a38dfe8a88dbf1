package io.entrepot.server.http;

import io.entrepot.auth.account.Accounts;
import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.admin.Answer;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The door for whoever may read the data folder anyway: one token opens it, and who has that may everything. Nothing but
 * the administration is behind it.
 */
public final class ControlHandler implements HttpHandler {
    private static final String SCHEME = "Bearer ";

    private final AdminHandler admin;
    private final RequestIds ids = new RequestIds("control");
    private final AccessLog log = new AccessLog();
    private final byte[] token;

    public ControlHandler(AdminHandler admin, String token) {
        this.admin = admin;
        this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        log.observe(exchange, ids.assign(exchange));
        String authorization = Header.of(exchange, Headers.AUTHORIZATION);
        byte[] shown = authorization.startsWith(SCHEME)
                ? authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        if (!MessageDigest.isEqual(token, shown)) {
            refuse(exchange, 401, "this door opens to the commands of this machine only");
        } else if (!RawPath.of(exchange).startsWith(AdminHandler.ROOT + "/")) {
            refuse(exchange, 404, "nothing but " + AdminHandler.ROOT + " is served here");
        } else {
            admin.handle(exchange, Accounts.system(), Optional.empty());
        }
    }

    private static void refuse(HttpServerExchange exchange, int status, String message) {
        Answer answer = AdminApi.error("DENIED", status, message, Optional.empty());
        ByteBuffer json = ByteBuffer.wrap(answer.json().getBytes(StandardCharsets.UTF_8));
        Answers.bytes(exchange, status, Answers.JSON, json);
    }
}
