package io.entrepot.server;

import io.entrepot.core.Registry;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.group.GroupRegistry;
import io.entrepot.core.view.PullOnlyRegistry;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.GroupSettings;
import io.entrepot.server.config.ProxySettings;
import io.entrepot.server.config.RegistrySettings;
import io.entrepot.server.http.Addresses;
import io.entrepot.server.http.Cidr;
import io.entrepot.server.http.ClientAddress;
import io.entrepot.server.http.Draining;
import io.entrepot.server.http.Entrance;
import io.entrepot.server.http.HostNames;
import io.entrepot.server.http.HttpOptions;
import io.entrepot.server.http.PublicAddress;
import io.entrepot.server.http.Reception;
import io.entrepot.server.http.RegistryHandler;
import io.entrepot.server.http.Route;
import io.entrepot.server.http.Site;
import io.entrepot.server.http.TokenEndpoint;
import io.entrepot.server.http.TrustedProxies;
import io.entrepot.server.http.V1Routes;
import io.entrepot.server.http.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is served where: on the main connector its registry, those that are reached by their name as a path, those by a host
 * name; on a connector of its own one registry alone.
 */
final class Sites {
    private final Configuration configuration;
    private final Assembly assembly;
    private final Gate gate;
    private final Workers workers;
    private final Draining draining;
    private final List<Route> everywhere;
    private final Function<Reception, List<Route>> onMain;
    private final TrustedProxies proxies;
    private final ClientAddress clients;

    /**
     * @param everywhere what is served on all connectors besides registries
     * @param onMain what is served on the main connector besides
     */
    Sites(
            Configuration configuration,
            Assembly assembly,
            Gate gate,
            Workers workers,
            Draining draining,
            List<Route> everywhere,
            Function<Reception, List<Route>> onMain) {
        this.configuration = configuration;
        this.assembly = assembly;
        this.gate = gate;
        this.workers = workers;
        this.draining = draining;
        this.everywhere = everywhere;
        this.onMain = onMain;
        this.proxies = new TrustedProxies(configuration.server().trustedProxies().stream()
                .map(Cidr::parse)
                .toList());
        this.clients = new ClientAddress(proxies);
    }

    /** Of the main connector: by host name, else the main registry. */
    Site.Choice main() {
        Map<String, Site> hosts = new LinkedHashMap<>();
        configuration
                .registries()
                .forEach((name, settings) -> settings.connectors().hosts().forEach(host -> hosts.put(host, own(name))));
        Map<String, Served> prefixes = new LinkedHashMap<>();
        configuration.registries().forEach((name, settings) -> {
            if (settings.connectors().path()
                    && !name.equals(configuration.server().main())) {
                prefixes.put(name, served(name));
            }
        });
        Map<String, Served> namespaces = new LinkedHashMap<>();
        configuration.registries().forEach((name, settings) -> {
            if (settings instanceof ProxySettings proxy) {
                proxy.hosts().forEach(host -> namespaces.putIfAbsent(host, served(name)));
            }
        });
        // A known registry's host name leads to its proxy like the proxy's own name.
        namespaces.forEach(prefixes::putIfAbsent);
        PublicAddress address =
                configuration.server().publicUrl().map(PublicAddress::fixed).orElseGet(this::asSeen);
        Counter counter = new Counter(served(configuration.server().main()), prefixes, namespaces);
        return new HostNames(hosts, site(counter, "main", address, onMain));
    }

    /** Of a connector that is this registry's own. */
    Site own(String registry) {
        return site(Counter.alone(served(registry)), "registry/" + registry, asSeen(), reception -> List.of());
    }

    /** At which everybody may pull and nobody is asked who he is: Docker shows mirrors no login of theirs. */
    Site mirror(String registry) {
        Registry pullOnly = new PullOnlyRegistry(assembly.registry(registry).orElseThrow());
        Entrance entrance = Entrance.open(pullOnly);
        Reception reception = new Reception(entrance, workers, new Addresses(clients, asSeen()));
        List<Route> routes = new ArrayList<>(everywhere);
        routes.add(drained(new RegistryHandler(reception, HttpOptions.DEFAULT).route()));
        return new Site(routes);
    }

    private PublicAddress asSeen() {
        return PublicAddress.behind(proxies);
    }

    private Site site(Counter counter, String connector, PublicAddress address, Function<Reception, List<Route>> more) {
        RegistrySettings settings = settings(counter.main().id().name());
        Entrance entrance = new Entrance(
                gate.installation() + "/" + connector,
                settings.manners().forceBasicAuth()
                        || (gate.tokens().isEmpty() && gate.elsewhere().isEmpty()),
                gate.elsewhere(),
                gate.open(),
                gate.authenticator(),
                gate.audit(),
                gate.open() ? (caller, namespace) -> counter.open(namespace) : counter::view,
                gate.open() ? (caller, name) -> true : counter::pushes);
        Reception reception = new Reception(entrance, workers, new Addresses(clients, address));
        List<Route> routes = new ArrayList<>(everywhere);
        more.apply(reception).forEach(route -> routes.add(drained(route)));
        if (settings.manners().v1()) {
            new V1Routes(reception).routes().forEach(route -> routes.add(drained(route)));
        }
        gate.tokens().ifPresent(tokens -> routes.add(drained(new TokenEndpoint(tokens, counter, reception).route())));
        routes.add(drained(new RegistryHandler(reception, HttpOptions.DEFAULT).route()));
        return new Site(routes);
    }

    private Route drained(Route route) {
        return new Route(route.path(), route.tree(), route.methods(), route.need(), draining.around(route.handler()));
    }

    private RegistrySettings settings(String registry) {
        return Optional.ofNullable(configuration.registries().get(registry))
                .orElseThrow(() -> new IllegalArgumentException("no registry is named " + registry));
    }

    private Served served(String name) {
        RegistrySettings settings = settings(name);
        Registry registry = assembly.registry(name).orElseThrow();
        boolean anonymous =
                settings.manners().letsAnybodyPull(configuration.access().anonymousPull());
        return new Served(
                new RegistryId(name, settings.kind()),
                registry,
                anonymous,
                assembly.knowsOfficialLibrary(name),
                ofEach(name));
    }

    /** A group that asks for rights in its members shows everybody what he may see of them. */
    private Optional<Function<Caller, Registry>> ofEach(String name) {
        RegistrySettings settings = settings(name);
        boolean enforces = settings instanceof GroupSettings group
                && group.memberPermissions()
                && group.manners().online();
        if (!enforces) {
            return Optional.empty();
        }
        GroupRegistry group = Optional.ofNullable(assembly.groups().get(name)).orElseThrow();
        return Optional.of(
                caller -> group.seenBy(caller, member -> served(member).access(caller)));
    }
}
