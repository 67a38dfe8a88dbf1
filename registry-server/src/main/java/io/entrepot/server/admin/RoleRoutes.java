package io.entrepot.server.admin;

import io.entrepot.auth.account.Directory;
import io.entrepot.auth.account.Role;
import io.entrepot.core.access.Domain;
import java.util.List;
import java.util.Set;

/** Roles, and who has them: {@code /roles} and {@code /assignments}. */
final class RoleRoutes {
    private static final Need SEES = new Need.Sees(Domain.ROLES);
    private static final Need CHANGES = new Need.Administers(Domain.ROLES);

    private final Directory directory;
    private final Privileges privileges;

    RoleRoutes(Directory directory, Privileges privileges) {
        this.directory = directory;
        this.privileges = privileges;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/roles", SEES, asked -> {
                    asked.query().only();
                    return Shapes.list(directory.roles(), Shapes::of);
                }),
                Route.post("/roles", CHANGES, this::create),
                Route.get("/roles/{name}", SEES, asked -> Shapes.one(Shapes.of(role(asked.name())))),
                Route.patch("/roles/{name}", CHANGES, this::change),
                Route.delete("/roles/{name}", CHANGES, asked -> {
                    asked.accounts()
                            .roles()
                            .delete(asked.caller(), role(asked.name()).name());
                    return Answer.DONE;
                }),
                Route.get("/assignments", SEES, asked -> {
                    asked.query().only();
                    return Shapes.list(directory.assignments(), Shapes::of);
                }),
                Route.post("/assignments", CHANGES, this::grant),
                Route.delete("/assignments", CHANGES, this::revoke));
    }

    private Role role(String name) {
        return directory.role(name).orElseThrow(() -> AdminException.unknown("role " + Fields.shown(name)));
    }

    private Answer create(Asked asked) {
        Fields body = asked.body().only("name", "description", "privileges", "roles");
        Role role = Role.of(
                body.string("name"),
                body.string("description", ""),
                privileges.parse("privileges", body.strings("privileges").orElse(List.of())),
                Set.copyOf(body.strings("roles").orElse(List.of())));
        return Shapes.made(Shapes.of(asked.accounts().roles().create(asked.caller(), role)));
    }

    /** What is not said stays as it is. */
    private Answer change(Asked asked) {
        Fields body = asked.body().only("description", "privileges", "roles");
        Role before = role(asked.name());
        Role role = Role.of(
                before.name(),
                body.string("description", before.description()),
                body.strings("privileges")
                        .map(texts -> privileges.parse("privileges", texts))
                        .orElse(before.privileges()),
                body.strings("roles").<Set<String>>map(Set::copyOf).orElse(before.roles()));
        return Shapes.one(Shapes.of(asked.accounts().roles().update(asked.caller(), role)));
    }

    private Answer grant(Asked asked) {
        Fields body = asked.body().only("to", "role");
        asked.accounts().roles().grant(asked.caller(), Shapes.assignee(body.string("to")), body.string("role"));
        return Answer.DONE;
    }

    private Answer revoke(Asked asked) {
        Fields query = asked.query().only("to", "role");
        asked.accounts().roles().revoke(asked.caller(), Shapes.assignee(query.string("to")), query.string("role"));
        return Answer.DONE;
    }
}
