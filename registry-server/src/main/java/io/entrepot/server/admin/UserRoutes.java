package io.entrepot.server.admin;

import com.google.gson.JsonObject;
import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.NewUser;
import io.entrepot.auth.account.User;
import io.entrepot.auth.password.GeneratedPassword;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Domain;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Users and robots: {@code /users}. A password that is made up here is in the answer, that once. */
final class UserRoutes {
    private static final Need SEES = new Need.Sees(Domain.USERS);
    private static final Need CHANGES = new Need.Administers(Domain.USERS);

    private final Directory directory;
    private final KeyRoutes keys;
    private final SecureRandom random;

    UserRoutes(Directory directory, KeyRoutes keys, SecureRandom random) {
        this.directory = directory;
        this.keys = keys;
        this.random = random;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/users", SEES, asked -> {
                    asked.query().only();
                    return Shapes.list(directory.users(), Shapes::of);
                }),
                Route.post("/users", CHANGES, this::create),
                Route.get("/users/{name}", SEES, asked -> Shapes.one(Shapes.of(user(asked.name())))),
                Route.patch("/users/{name}", CHANGES, this::change),
                Route.delete("/users/{name}", CHANGES, asked -> {
                    asked.accounts().delete(asked.caller(), user(asked.name()).name());
                    return Answer.DONE;
                }),
                Route.put("/users/{name}/password", CHANGES, this::password),
                Route.get("/users/{name}/keys", SEES, asked -> keys.list(asked, keys.owner(asked.name()))),
                Route.post("/users/{name}/keys", CHANGES, asked -> keys.create(asked, keys.owner(asked.name()))),
                Route.delete(
                        "/users/{name}/keys/{id}",
                        CHANGES,
                        asked -> keys.revoke(
                                asked, keys.owner(asked.name()), asked.names().get(1))));
    }

    private User user(String name) {
        return directory.user(name).orElseThrow(() -> AdminException.unknown("user " + Fields.shown(name)));
    }

    private Answer create(Asked asked) {
        Fields body = asked.body()
                .only("name", "kind", "displayName", "email", "password", "mustChangePassword", "roles", "expires");
        boolean robot =
                body.choice("kind", List.of("person", "robot"), "person").equals("robot");
        if (robot && body.has("password")) {
            throw AdminException.field("password", "a robot has none: make it an API key");
        }
        boolean madeUp = !robot && !body.has("password");
        Optional<String> password = madeUp ? Optional.of(GeneratedPassword.next(random)) : body.optional("password");
        NewUser user = new NewUser(
                body.string("name"),
                robot ? User.Kind.ROBOT : User.Kind.PERSON,
                body.string("displayName", ""),
                body.string("email", ""),
                password,
                body.flag("mustChangePassword", false),
                Set.copyOf(body.strings("roles").orElse(List.of())),
                body.instant("expires"),
                robot ? owner(asked.caller()) : Optional.empty());
        JsonObject made = Shapes.of(asked.accounts().create(asked.caller(), user));
        if (madeUp) {
            made.addProperty("password", password.orElseThrow());
        }
        return Shapes.made(made);
    }

    /** Nobody in particular owns what the program itself makes. */
    private static Optional<String> owner(Caller maker) {
        return Optional.of(maker.principal()).filter(p -> !p.realm().isEmpty()).map(p -> p.id());
    }

    private Answer change(Asked asked) {
        Fields body = asked.body().only("displayName", "email", "enabled", "expires");
        User user = user(asked.name());
        Optional<Instant> expires = body.instant("expires");
        boolean enabled = body.flag("enabled", user.enabled());
        String displayName = body.string("displayName", user.displayName());
        String email = body.string("email", user.email());
        if (body.has("displayName") || body.has("email")) {
            user = asked.accounts().describe(asked.caller(), user.name(), displayName, email);
        }
        if (body.has("expires")) {
            user = asked.accounts().expire(asked.caller(), user.name(), expires);
        }
        if (enabled != user.enabled()) {
            user = enabled
                    ? asked.accounts().enable(asked.caller(), user.name())
                    : asked.accounts().disable(asked.caller(), user.name());
        }
        return Shapes.one(Shapes.of(user));
    }

    private Answer password(Asked asked) {
        Fields body = asked.body().only("password", "mustChangePassword");
        boolean madeUp = !body.has("password");
        String password = madeUp ? GeneratedPassword.next(random) : body.string("password");
        boolean mustChange = body.flag("mustChangePassword", false);
        JsonObject user = Shapes.of(
                asked.accounts().setPassword(asked.caller(), user(asked.name()).name(), password, mustChange));
        if (madeUp) {
            user.addProperty("password", password);
        }
        return Shapes.one(user);
    }
}
