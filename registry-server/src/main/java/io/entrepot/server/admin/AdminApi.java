package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.auth.account.AccountException;
import io.entrepot.auth.account.Accounts;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Answers whoever administers a server. Every route says what it asks of a caller, and is never taken by one who does not
 * have that; whether what he asks for exists he learns after that only.
 */
public final class AdminApi {
    private final List<Route> routes;
    private final Accounts accounts;
    private final Audit audit;

    private AdminApi(List<Route> routes, Accounts accounts, Audit audit) {
        this.routes = List.copyOf(routes);
        this.accounts = accounts;
        this.audit = audit;
    }

    public static AdminApi of(AdminParts parts) {
        Privileges privileges = new Privileges(parts.registries());
        KeyRoutes keys = new KeyRoutes(parts.directory(), privileges);
        List<Route> all = new ArrayList<>();
        all.addAll(new MeRoutes(parts.directory(), keys).routes());
        all.addAll(new UserRoutes(parts.directory(), keys, parts.random()).routes());
        all.addAll(new RoleRoutes(parts.directory(), privileges).routes());
        all.addAll(new AccessRoutes(parts.directory(), parts.registries(), privileges).routes());
        all.addAll(new SystemRoutes(parts).routes());
        all.addAll(new RegistryRoutes(parts.running()).routes());
        all.addAll(new ProxyRoutes(parts.running(), parts.audit()).routes());
        return new AdminApi(all, parts.accounts(), parts.audit());
    }

    List<Route> routes() {
        return routes;
    }

    /**
     * May take its time: passwords are hashed and changes written to disk.
     *
     * @return also what is wrong with the request; exceptions are faults of ours
     */
    public Answer handle(AdminRequest request) {
        try {
            return answer(request);
        } catch (AdminException e) {
            return error(e.code().name(), e.code().status(), String.valueOf(e.getMessage()), e.field());
        } catch (AccountException e) {
            return error(e);
        } catch (RegistryException.Invalid e) {
            return error("INVALID", 400, String.valueOf(e.getMessage()), Optional.empty());
        } catch (RegistryException.Unknown e) {
            return error("UNKNOWN", 404, String.valueOf(e.getMessage()), Optional.empty());
        } catch (RegistryException.Denied | RegistryException.Unauthorized e) {
            return error("DENIED", 403, String.valueOf(e.getMessage()), Optional.empty());
        } catch (RegistryException.Unavailable e) {
            return error("UNAVAILABLE", 503, String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    private static Answer error(AccountException e) {
        AdminException.Code code = switch (e.reason()) {
            case INVALID -> AdminException.Code.INVALID;
            case UNKNOWN -> AdminException.Code.UNKNOWN;
            case EXISTS, NOT_ALLOWED -> AdminException.Code.CONFLICT;
        };
        return error(code.name(), code.status(), String.valueOf(e.getMessage()), Optional.empty());
    }

    /** In the form that errors have everywhere on this server. */
    public static Answer error(String code, int status, String message, Optional<String> detail) {
        JsonObject error = new JsonObject();
        error.addProperty("code", code);
        error.addProperty("message", message);
        detail.ifPresent(text -> error.addProperty("detail", text));
        JsonArray errors = new JsonArray();
        errors.add(error);
        JsonObject body = new JsonObject();
        body.add("errors", errors);
        return new Answer(status, body.toString());
    }

    private Answer answer(AdminRequest request) {
        boolean nobody = request.caller().proof() == Proof.NONE;
        if (nobody || request.caller().proof() == Proof.TOKEN) {
            String why = nobody
                    ? "authentication required: send a user's name and password, or an API key"
                    : "a registry's token is good for its content only: send a user's name and password, or an API key";
            throw new AdminException(AdminException.Code.UNAUTHORIZED, why);
        }
        Target target = Target.parse(request.target());
        List<Route> here = routes.stream()
                .filter(route -> route.names(target.segments()).isPresent())
                .toList();
        if (here.isEmpty()) {
            throw AdminException.unknown("such path below /api/v1");
        }
        Optional<Route> route =
                here.stream().filter(r -> r.method().equals(request.method())).findFirst();
        if (route.isEmpty()) {
            return notThatMethod(here);
        }
        Need need = route.get().need();
        if (!need.allows(request.caller())) {
            String sentence = request.caller().principal().name() + " may not " + need;
            audit.note(new Audit.Event(
                    "access.refuse",
                    request.caller().principal(),
                    Optional.empty(),
                    request.visit(),
                    route.get().toString(),
                    Audit.Outcome.REFUSED,
                    sentence));
            throw AdminException.denied(sentence);
        }
        return route.get().answer().apply(asked(request, route.get(), target));
    }

    private static Answer notThatMethod(List<Route> here) {
        String allow = here.stream().map(Route::method).sorted().distinct().collect(Collectors.joining(", "));
        Answer error = error("UNSUPPORTED", 405, "this path has only " + allow, Optional.empty());
        return new Answer(error.status(), error.json(), allow);
    }

    private Asked asked(AdminRequest request, Route route, Target target) {
        String text = request.body().orElse("");
        if (route.takesBody() && text.isEmpty()) {
            throw new AdminException(AdminException.Code.INVALID, "a JSON object is missing as the body");
        }
        if (!route.takesBody() && !text.isEmpty()) {
            throw new AdminException(AdminException.Code.INVALID, "no body is expected");
        }
        JsonObject body = route.takesBody() ? StrictJson.object(text) : new JsonObject();
        return new Asked(
                request.caller(),
                request.visit(),
                request.visit().map(accounts::seenFrom).orElse(accounts),
                route.names(target.segments()).orElseThrow(),
                target.query(),
                Fields.of(body));
    }
}
