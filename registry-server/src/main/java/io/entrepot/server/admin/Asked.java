package io.entrepot.server.admin;

import io.entrepot.auth.account.Accounts;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Visit;
import java.util.List;
import java.util.Optional;

/**
 * A request whose route is found and allowed.
 *
 * @param accounts through which everything is changed, so that it is noted where the request came in
 * @param names what stands in the path where the route has a name
 * @param body without fields if there was none
 */
record Asked(Caller caller, Optional<Visit> visit, Accounts accounts, List<String> names, Fields query, Fields body) {
    Asked {
        names = List.copyOf(names);
    }

    /** The first name in the path. */
    String name() {
        return names.get(0);
    }
}
