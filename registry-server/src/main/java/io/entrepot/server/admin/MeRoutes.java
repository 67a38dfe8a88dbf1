package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.User;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Domain;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What everybody may see and change of himself: {@code /me}. */
final class MeRoutes {
    private static final Need LOGIN = new Need.Login();

    private final Directory directory;
    private final KeyRoutes keys;

    MeRoutes(Directory directory, KeyRoutes keys) {
        this.directory = directory;
        this.keys = keys;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/me", LOGIN, this::show),
                Route.put("/me/password", LOGIN, this::password),
                Route.get("/me/keys", LOGIN, asked -> keys.list(asked, somebody(asked))),
                Route.post("/me/keys", LOGIN, asked -> keys.create(asked, somebody(asked))),
                Route.delete("/me/keys/{id}", LOGIN, asked -> keys.revoke(asked, somebody(asked), asked.name())));
    }

    private Answer show(Asked asked) {
        asked.query().only();
        Principal principal = asked.caller().principal();
        JsonObject json = new JsonObject();
        json.addProperty("name", principal.name());
        json.addProperty("id", principal.id());
        user(principal).ifPresent(user -> Shapes.of(user).asMap().forEach(json::add));
        json.add("sees", domains(asked.caller().rights()::sees));
        json.add("administers", domains(asked.caller().rights()::administers));
        return Shapes.one(json);
    }

    private Optional<User> user(Principal principal) {
        return principal.realm().equals(User.REALM) ? directory.user(principal.name()) : Optional.empty();
    }

    private static JsonArray domains(Predicate<Domain> has) {
        JsonArray domains = new JsonArray();
        Stream.of(Domain.values())
                .filter(has)
                .map(d -> d.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .forEach(domains::add);
        return domains;
    }

    private Answer password(Asked asked) {
        Fields body = asked.body().only("old", "password");
        Principal principal = somebody(asked);
        asked.accounts().changePassword(asked.caller(), body.string("old"), body.string("password"));
        return Shapes.one(user(principal).map(Shapes::of).orElseGet(JsonObject::new));
    }

    private static Principal somebody(Asked asked) {
        Principal principal = asked.caller().principal();
        if (principal.realm().isEmpty()) {
            throw AdminException.conflict(principal.name() + " is nobody who could have a password or keys");
        }
        return principal;
    }
}
