package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.core.access.Domain;
import io.entrepot.server.clients.ClientFacts;
import io.entrepot.server.clients.ClientSteps;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** What registries there are, how clients use them, and who in a group answers for an image: {@code /registries}. */
final class RegistryRoutes {
    private static final Need SEES = new Need.Sees(Domain.REGISTRIES);
    /** Explanations that ask upstreams wait for them, and logins are waiting for the same threads. */
    private static final int MOST_ASKING = 4;

    private final RegistryAdmin registries;
    private final Semaphore asking = new Semaphore(MOST_ASKING);

    RegistryRoutes(RegistryAdmin registries) {
        this.registries = registries;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/registries", SEES, asked -> {
                    asked.query().only();
                    return Shapes.list(registries.registries(), RegistryShapes::of);
                }),
                Route.get("/registries/{name}", SEES, asked -> {
                    asked.query().only();
                    return Shapes.one(RegistryShapes.of(registry(registries, asked.name())));
                }),
                Route.get("/registries/{name}/explain", SEES, this::explain),
                Route.get("/registries/{name}/clients", SEES, this::clients));
    }

    /** @throws AdminException if there is none of that name */
    static RegistryInfo registry(RegistryAdmin registries, String name) {
        return registries.registry(name).orElseThrow(() -> AdminException.unknown("registry " + Fields.shown(name)));
    }

    private Answer explain(Asked asked) {
        Fields query = asked.query().only("image", "ask");
        RegistryInfo info = registry(registries, asked.name());
        GroupControl group = registries
                .group(info.name())
                .orElseThrow(() -> AdminException.conflict(
                        info.name() + " is no group: no other registry could answer in its place"));
        ImageName image = ImageName.parse(query.string("image"));
        boolean ask = query.choice("ask", List.of("true", "false"), "false").equals("true");
        if (ask && !asking.tryAcquire()) {
            throw new AdminException(
                    AdminException.Code.UNAVAILABLE,
                    MOST_ASKING + " explanations are waiting for upstreams already: try again in a moment");
        }
        try {
            return Shapes.one(RegistryShapes.of(info, group.explain(image.repository(), image.reference(), ask)));
        } finally {
            if (ask) {
                asking.release();
            }
        }
    }

    private Answer clients(Asked asked) {
        Fields query = asked.query().only("for");
        RegistryInfo info = registry(registries, asked.name());
        ClientFacts facts = Facts.of(info, registries.registries());
        JsonArray items = new JsonArray();
        for (ClientSteps client : wanted(query.optional("for"))) {
            JsonObject item = new JsonObject();
            item.addProperty("for", client.word());
            item.addProperty("text", client.text(facts));
            items.add(item);
        }
        JsonObject json = new JsonObject();
        json.addProperty("registry", info.name());
        json.addProperty("address", facts.prefix());
        json.add("items", items);
        return Shapes.one(json);
    }

    private static List<ClientSteps> wanted(Optional<String> word) {
        if (word.isEmpty()) {
            return List.of(ClientSteps.values());
        }
        return Arrays.stream(ClientSteps.values())
                .filter(client -> client.word().equals(word.get()))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> AdminException.field(
                        "for",
                        "must be one of "
                                + Arrays.stream(ClientSteps.values())
                                        .map(ClientSteps::word)
                                        .toList()));
    }
}
