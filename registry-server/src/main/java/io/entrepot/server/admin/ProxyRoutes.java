package io.entrepot.server.admin;

import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Domain;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** How a proxy and its upstream are, and what can be done about it: below {@code /registries/{name}}. */
final class ProxyRoutes {
    private static final Need SEES = new Need.Sees(Domain.REGISTRIES);
    private static final Need CHANGES = new Need.Administers(Domain.REGISTRIES);

    private final RegistryAdmin registries;
    private final Audit audit;

    ProxyRoutes(RegistryAdmin registries, Audit audit) {
        this.registries = registries;
        this.audit = audit;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/registries/{name}/upstream", SEES, asked -> {
                    asked.query().only();
                    return Shapes.one(RegistryShapes.of(asked.name(), proxy(asked)));
                }),
                Route.post("/registries/{name}/invalidate", CHANGES, this::invalidate),
                Route.post("/registries/{name}/evict", CHANGES, this::evict),
                Route.post("/registries/{name}/block", CHANGES, asked -> plainly(asked, "block", p -> p.block(true))),
                Route.post(
                        "/registries/{name}/unblock", CHANGES, asked -> plainly(asked, "unblock", p -> p.block(false))),
                Route.post("/registries/{name}/reset", CHANGES, asked -> plainly(asked, "reset", ProxyControl::reset)),
                Route.get("/registries/{name}/pins", SEES, asked -> {
                    asked.query().only();
                    return Shapes.list(
                            proxy(asked).pins(),
                            pin -> RegistryShapes.of(new ImageName(pin.repository(), pin.reference())));
                }),
                Route.post("/registries/{name}/pins", CHANGES, this::pin),
                Route.post("/registries/{name}/unpin", CHANGES, this::unpin));
    }

    private ProxyControl proxy(Asked asked) {
        RegistryInfo info = RegistryRoutes.registry(registries, asked.name());
        return registries
                .proxy(info.name())
                .orElseThrow(() -> AdminException.conflict(
                        info.name() + " is a " + info.kind().name().toLowerCase(Locale.ROOT)
                                + " registry: only a proxy has an upstream and a cache"));
    }

    private static ImageName image(Fields body) {
        return new ImageName(new RepositoryName(body.string("repository")), Reference.parse(body.string("reference")));
    }

    private Answer invalidate(Asked asked) {
        Fields body = asked.body().only("repository");
        ProxyControl proxy = proxy(asked);
        Optional<RepositoryName> repository = body.optional("repository").map(RepositoryName::new);
        proxy.invalidate(repository);
        note(asked, "invalidate", repository.map(r -> "/" + r).orElse(""));
        return Answer.DONE;
    }

    private Answer evict(Asked asked) {
        Fields body = asked.body().only("repository", "reference");
        ProxyControl proxy = proxy(asked);
        ImageName image = image(body);
        proxy.evict(image.repository(), image.reference());
        note(asked, "evict", "/" + image);
        return Answer.DONE;
    }

    private Answer pin(Asked asked) {
        Fields body = asked.body().only("repository", "reference");
        ProxyControl proxy = proxy(asked);
        ImageName image = image(body);
        proxy.pin(image.repository(), image.reference());
        note(asked, "pin", "/" + image);
        return Shapes.made(RegistryShapes.of(image));
    }

    private Answer unpin(Asked asked) {
        Fields body = asked.body().only("repository", "reference");
        ProxyControl proxy = proxy(asked);
        ImageName image = image(body);
        if (!proxy.unpin(image.repository(), image.reference())) {
            throw AdminException.unknown("pin of " + image + " in " + asked.name());
        }
        note(asked, "unpin", "/" + image);
        return Answer.DONE;
    }

    private Answer plainly(Asked asked, String action, Consumer<ProxyControl> change) {
        asked.body().only();
        change.accept(proxy(asked));
        note(asked, action, "");
        return Answer.DONE;
    }

    private void note(Asked asked, String action, String what) {
        audit.note(new Audit.Event(
                "proxy." + action,
                asked.caller().principal(),
                Optional.empty(),
                asked.visit(),
                asked.name() + what,
                Audit.Outcome.DONE,
                ""));
    }
}
