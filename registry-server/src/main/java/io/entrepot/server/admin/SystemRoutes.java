package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.core.access.Domain;
import java.util.List;

/** What holds for the whole server, and what happened on it: {@code /realms}, {@code /keys} and {@code /audit}. */
final class SystemRoutes {
    private static final int EVENTS = 100;
    private static final int MOST_EVENTS = 1000;

    private final List<AdminParts.RealmState> realms;
    private final AdminParts.SigningKeyRing keys;
    private final AdminParts.Trail trail;

    SystemRoutes(AdminParts parts) {
        this.realms = parts.realms();
        this.keys = parts.keys();
        this.trail = parts.trail();
    }

    List<Route> routes() {
        return List.of(
                Route.get("/realms", new Need.Sees(Domain.SETTINGS), this::realms),
                Route.get("/keys", new Need.Sees(Domain.SETTINGS), this::keys),
                Route.post("/keys/rotate", new Need.Administers(Domain.SETTINGS), this::rotate),
                Route.get("/audit", new Need.Sees(Domain.AUDIT), this::audit));
    }

    private Answer realms(Asked asked) {
        asked.query().only();
        return Shapes.list(realms, realm -> {
            JsonObject json = new JsonObject();
            json.addProperty("name", realm.name());
            json.addProperty("active", realm.active());
            return json;
        });
    }

    private Answer keys(Asked asked) {
        asked.query().only();
        return Shapes.list(keys.all(), key -> {
            JsonObject json = new JsonObject();
            json.addProperty("id", key.id());
            json.addProperty("state", key.state());
            json.addProperty("since", key.since().toString());
            return json;
        });
    }

    private Answer rotate(Asked asked) {
        asked.body().only();
        keys.rotate(asked.caller(), asked.visit());
        return Shapes.list(new JsonArray());
    }

    /** The newest first. */
    private Answer audit(Asked asked) {
        int n = asked.query().only("n").number("n", 1, MOST_EVENTS, EVENTS);
        return Shapes.list(trail.last(n), Shapes::of);
    }
}
