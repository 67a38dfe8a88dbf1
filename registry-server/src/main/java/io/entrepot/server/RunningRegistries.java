package io.entrepot.server;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.group.GroupRegistry;
import io.entrepot.core.group.Verdict;
import io.entrepot.core.store.ProxyState.Pin;
import io.entrepot.proxy.download.Downloads.Progress;
import io.entrepot.proxy.upstream.UpstreamState;
import io.entrepot.server.admin.Explanation;
import io.entrepot.server.admin.GroupControl;
import io.entrepot.server.admin.ProxyControl;
import io.entrepot.server.admin.RegistryAdmin;
import io.entrepot.server.admin.RegistryInfo;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.ConnectorSettings;
import io.entrepot.server.config.GroupSettings;
import io.entrepot.server.config.ProxySettings;
import io.entrepot.server.config.RegistrySettings;
import io.entrepot.server.config.ServerSettings;
import io.entrepot.server.config.TlsSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The registries of a server as its administration sees them: what they are, where they are, and how they are governed. */
final class RunningRegistries implements RegistryAdmin {
    private final Configuration configuration;
    private final Assembly assembly;
    /** Of the main connector, once it listens: 0 in the settings is any that is free. */
    private volatile int port;

    RunningRegistries(Configuration configuration, Assembly assembly) {
        this.configuration = configuration;
        this.assembly = assembly;
        this.port = configuration.server().port();
    }

    void listensAt(int mainPort) {
        port = mainPort;
    }

    @Override
    public List<RegistryInfo> registries() {
        List<RegistryInfo> all = new ArrayList<>();
        configuration.registries().forEach((name, settings) -> {
            RegistryInfo info = info(name, settings);
            all.add(info.main() ? 0 : all.size(), info);
        });
        return all;
    }

    private RegistryInfo info(String name, RegistrySettings settings) {
        Optional<ProxySettings> proxy = settings instanceof ProxySettings found ? Optional.of(found) : Optional.empty();
        Optional<GroupSettings> group = settings instanceof GroupSettings found ? Optional.of(found) : Optional.empty();
        boolean main = name.equals(configuration.server().main());
        return new RegistryInfo(
                name,
                settings.kind(),
                main,
                settings.manners().online(),
                settings.blobStore(),
                proxy.map(ProxySettings::remotes).orElse(List.of()),
                proxy.map(ProxySettings::hosts).orElse(List.of()),
                group.map(GroupSettings::members).orElse(List.of()),
                group.flatMap(GroupSettings::writable),
                new RegistryInfo.Reached(
                        urls(name, settings.connectors(), main),
                        settings.connectors().mirror().map(p -> at("http", host(), p, "")),
                        configuration
                                .server()
                                .tls()
                                .filter(TlsSettings.Own.class::isInstance)
                                .isPresent()));
    }

    /** The shortest first: a port of its own, a host name, then by way of the main connector. */
    private List<URI> urls(String name, ConnectorSettings connectors, boolean main) {
        ServerSettings server = configuration.server();
        String scheme = server.tls().isPresent() ? "https" : "http";
        URI root = server.publicUrl().orElseGet(() -> at(scheme, host(), port, ""));
        List<URI> urls = new ArrayList<>();
        if (main) {
            urls.add(root);
        }
        connectors.https().ifPresent(p -> urls.add(at("https", host(), p, "")));
        connectors.http().ifPresent(p -> urls.add(at("http", host(), p, "")));
        connectors.hosts().forEach(host -> urls.add(at(scheme, host, port, "")));
        if (connectors.path() && !main) {
            String path = root.getRawPath() == null ? "" : root.getRawPath().replaceAll("/+$", "");
            urls.add(root.resolve(path + "/" + name));
        }
        if (urls.isEmpty()) {
            // It is reached by way of a group, if at all.
            urls.add(root);
        }
        // In clear is the last resort.
        urls.sort(Comparator.comparing(url -> !"https".equals(url.getScheme())));
        return urls;
    }

    private static URI at(String scheme, String host, int port, String path) {
        String literal = host.indexOf(':') < 0 ? host : "[" + host + "]";
        boolean usual = port == (scheme.equals("https") ? 443 : 80);
        return URI.create(scheme + "://" + literal + (usual ? "" : ":" + port) + path);
    }

    /** By which this machine is found, as far as it knows. */
    private String host() {
        Optional<URI> given = configuration.server().publicUrl();
        if (given.isPresent()) {
            return given.get().getHost();
        }
        String bound = configuration.server().bind().get(0);
        if (!bound.equals("0.0.0.0") && !bound.equals("::")) {
            return bound;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    @Override
    public Optional<ProxyControl> proxy(String name) {
        return Optional.ofNullable(assembly.proxies().get(name)).map(Control::new);
    }

    @Override
    public Optional<GroupControl> group(String name) {
        return Optional.ofNullable(assembly.groups().get(name))
                .map(group -> (repository, reference, ask) -> explanation(group, repository, reference, ask));
    }

    private static Explanation explanation(
            GroupRegistry group, RepositoryName repository, Reference reference, boolean ask) {
        Call call = new Call(Principal.INTERNAL, Call.Purpose.PULL, ask ? Reach.ANYWHERE : Reach.LOCAL, "explain");
        var explained = group.explain(repository, reference, call);
        return new Explanation(
                repository + (reference instanceof Digest ? "@" : ":") + reference,
                explained.answer().map(Verdict::member),
                explained
                        .answer()
                        .flatMap(Verdict::found)
                        .map(found -> found.digest().toString()),
                explained.verdicts().stream()
                        .map(verdict -> new Explanation.Verdict(
                                verdict.member(),
                                verdict.word().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                verdict.detail()))
                        .toList());
    }

    private record Control(Proxied proxied) implements ProxyControl {
        @Override
        public UpstreamState state() {
            return proxied.upstream().state();
        }

        @Override
        public List<Progress> downloads() {
            return proxied.downloads().progress();
        }

        @Override
        public long heldBytes() {
            return proxied.state().heldBytes();
        }

        @Override
        public long limitBytes() {
            return proxied.limit().limitBytes();
        }

        @Override
        public void invalidate(Optional<RepositoryName> repository) {
            repository.ifPresentOrElse(proxied.registry()::invalidate, proxied.registry()::invalidate);
        }

        @Override
        public void evict(RepositoryName repository, Reference reference) {
            proxied.registry().evict(repository, reference);
        }

        @Override
        public void block(boolean blocked) {
            proxied.upstream().block(blocked);
        }

        @Override
        public void reset() {
            proxied.upstream().reset();
        }

        @Override
        public void pin(RepositoryName repository, Reference reference) {
            proxied.registry().pin(repository, reference);
        }

        @Override
        public boolean unpin(RepositoryName repository, Reference reference) {
            return proxied.registry().unpin(repository, reference);
        }

        @Override
        public List<Pin> pins() {
            return proxied.registry().pins();
        }
    }
}
