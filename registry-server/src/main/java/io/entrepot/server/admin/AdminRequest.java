package io.entrepot.server.admin;

import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Visit;
import java.util.Optional;

/**
 * One thing that somebody wants to know or change.
 *
 * @param method of HTTP: {@code GET} changes nothing
 * @param target path and query below {@code /api/v1}, encoded as in a URL: {@code /users/alice?x=y}
 * @param body JSON
 * @param visit where the request came in; empty for a program of this machine
 */
public record AdminRequest(String method, String target, Optional<String> body, Caller caller, Optional<Visit> visit) {

    @Override
    public String toString() {
        // Neither a body nor a query is for anybody's log.
        return method + " by " + caller.principal();
    }
}
