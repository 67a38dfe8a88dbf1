package io.entrepot.server.config;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.RegistryId;
import io.entrepot.proxy.remote.OutboundProxy;
import io.entrepot.proxy.remote.RemoteOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code registries.<name>} of type proxy: one that stands in for another registry and keeps what it fetched.
 *
 * @param remotes where it is: mirrors first, the registry itself last
 * @param outbound how it is reached
 * @param index where it is searched, if not by itself
 * @param tagFreshness how long a tag is answered without asking; for ever if empty
 * @param maxStale how old an answer may be while the remote registry cannot be asked; any age if empty
 * @param chosen whether somebody has said what is allowed, be it everything
 * @param owns the preset's names, and those that were given to it besides
 * @param cacheLimit in bytes, besides that of the blob store
 */
public record ProxySettings(
        String blobStore,
        Optional<Preset> preset,
        List<URI> remotes,
        Optional<Login> login,
        OutboundProxy outbound,
        Tls tls,
        Optional<URI> index,
        Optional<Duration> tagFreshness,
        Duration notFoundFreshness,
        Duration listFreshness,
        Optional<Duration> maxStale,
        boolean followDeletions,
        List<RepositoryPattern> allow,
        boolean chosen,
        List<RepositoryPattern> deny,
        List<RepositoryPattern> owns,
        Optional<RepositoryName> remoteNamespace,
        boolean officialLibrary,
        Optional<Long> cacheLimit,
        Connection connection,
        boolean blocked,
        boolean finishDownloads,
        ConnectorSettings connectors,
        Manners manners)
        implements RegistrySettings {
    private static final URI HUB_INDEX = URI.create("https://index.docker.io");
    private static final String NOWHERE = "https://nowhere.invalid";

    public ProxySettings {
        remotes = List.copyOf(remotes);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        owns = List.copyOf(owns);
    }

    @Override
    public RegistryId.Kind kind() {
        return RegistryId.Kind.PROXY;
    }

    /** Under which it is known in names of images, in lower case; with a port where its address has one. */
    public List<String> hosts() {
        List<String> hosts = new ArrayList<>(preset.map(Preset::hosts).orElse(List.of()));
        String own = remotes.get(remotes.size() - 1).getRawAuthority().toLowerCase(Locale.ROOT);
        if (!hosts.contains(own)) {
            hosts.add(own);
        }
        return hosts;
    }

    /**
     * What is shown to the remote registry: a name and password, a token of an identity, or a file or program that knows.
     * Prints none of it.
     */
    public record Login(
            Optional<String> user,
            Optional<String> password,
            Optional<String> token,
            Optional<Path> file,
            Optional<String> helper) {
        @Override
        public String toString() {
            return "login" + user.map(u -> " of " + u).orElse("");
        }
    }

    /** Whom it trusts there, and who we are. */
    public record Tls(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key, boolean insecure) {}

    /** How it is spoken with. */
    public record Connection(
            List<URI> pinnedRealms,
            List<String> mayReach,
            Duration connectTimeout,
            Duration stallTimeout,
            long minimumRate,
            int transfers,
            String userAgent) {
        public Connection {
            pinnedRealms = List.copyOf(pinnedRealms);
            mayReach = List.copyOf(mayReach);
        }
    }

    static ProxySettings read(
            Section proxy, List<String> blobStores, OutboundProxy outbound, boolean anonymousByDefault) {
        Optional<Preset> preset = proxy.optional("preset", Preset.kind());
        List<URI> remotes = proxy.list(
                "remote",
                REMOTE,
                preset.flatMap(Preset::remote).stream().map(URI::toString).toList());
        if (remotes.stream().anyMatch(url -> url.getRawUserInfo() != null)) {
            proxy.problem("registries." + proxy.name() + ".remote holds a login: it belongs under credentials");
        }
        if (remotes.isEmpty() && !proxy.failed("remote") && !proxy.failed("preset")) {
            proxy.problem(
                    "registries." + proxy.name() + " has no remote: say where the registry is that it stands in for,"
                            + " or name a preset that knows");
        }
        if (remotes.isEmpty()) {
            remotes = List.of(URI.create(NOWHERE));
        }
        Optional<Login> login = proxy.hasGroup("credentials")
                ? Optional.of(login(proxy.section("credentials"), proxy.path("credentials")))
                : Optional.empty();
        ConnectorSettings connectors = ConnectorSettings.read(proxy.section("connectors"));
        Manners manners = RegistrySettings.manners(proxy, connectors);
        List<RepositoryPattern> allow = proxy.list("allow", Kind.REPOSITORY_PATTERN, List.of("**"));
        boolean chosen = proxy.has("allow");
        boolean anybody = manners.letsAnybodyPull(anonymousByDefault)
                || connectors.mirror().isPresent();
        if (login.isPresent() && !chosen && anybody) {
            proxy.problem("registries." + proxy.name() + " has credentials and lets anybody pull: say by allow which"
                    + " repositories everybody may have with them");
        }
        return new ProxySettings(
                proxy.value("blobStore", Kind.choice(blobStores), blobStores.get(0)),
                preset,
                remotes,
                login,
                outbound(proxy, outbound),
                tls(proxy.section("tls"), proxy.path("tls")),
                index(proxy, preset),
                proxy.value("tagFreshness", OR_FOREVER, "5m"),
                proxy.value("notFoundFreshness", Kind.DURATION_FROM_ZERO, "60s"),
                proxy.value("listFreshness", Kind.DURATION_FROM_ZERO, "60s"),
                proxy.value("maxStale", OR_FOREVER, "forever"),
                proxy.value("followDeletions", Kind.SWITCH, "false"),
                allow,
                chosen,
                proxy.list("deny", Kind.REPOSITORY_PATTERN, List.of()),
                Stream.concat(
                                preset.map(Preset::owns).orElse(List.of()).stream(),
                                RegistrySettings.owned(proxy).stream())
                        .toList(),
                proxy.optional("remoteNamespace", NAMESPACE),
                proxy.value(
                        "officialLibrary",
                        Kind.SWITCH,
                        Boolean.toString(preset.map(Preset::officialLibrary).orElse(false))),
                proxy.value("cacheLimit", LIMIT, "none"),
                connection(proxy),
                proxy.value("blocked", Kind.SWITCH, "false"),
                proxy.value("finishDownloads", Kind.SWITCH, "true"),
                connectors,
                manners);
    }

    private static final Kind<URI> REMOTE = new Kind<>(
            "the URL of a registry such as https://registry.example.org, without a query or fragment",
            text -> Kind.URL
                    .parse()
                    .apply(text)
                    .filter(url -> url.getRawQuery() == null && url.getRawFragment() == null),
            List.of());

    private static final Kind<Optional<Duration>> OR_FOREVER =
            Kind.DURATION_FROM_ZERO.or("forever", "0 for none, or forever");

    private static final Kind<Optional<Long>> LIMIT =
            Kind.SIZE_BYTES.or("none", "none if only the limit of the blob store is to count");

    private static final Kind<RepositoryName> NAMESPACE = Kind.matching(
                    "what names of repositories begin with, such as library",
                    "(?=.{1,200}$)[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*")
            .to(RepositoryName::new);

    /** @param path of these settings */
    private static Login login(Section credentials, String path) {
        Login login = new Login(
                credentials.optional("user", Kind.TEXT),
                credentials.secret("password"),
                credentials.secret("token"),
                credentials.optional("file", Kind.PATH),
                credentials.optional("helper", HELPER));
        long ways = Stream.of(login.user, login.token, login.file, login.helper)
                .filter(Optional::isPresent)
                .count();
        boolean failed = credentials.failed("user") || credentials.failed("file") || credentials.failed("helper");
        if (!failed && (ways != 1 || login.user.isPresent() != login.password.isPresent())) {
            credentials.problem(path + " must be one of: user and password, token, file, or helper");
        }
        return login;
    }

    /** The part of its name behind {@code docker-credential-}. */
    private static final Kind<String> HELPER = Kind.matching(
            "the name of a docker-credential program, such as ecr-login", "[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static OutboundProxy outbound(Section proxy, OutboundProxy inherited) {
        if (proxy.hasGroup("outbound") && !proxy.has("outbound")) {
            return OutboundSettings.read(proxy.section("outbound"));
        }
        if (!proxy.isText("outbound")) {
            return proxy.has("outbound") ? OutboundSettings.read(proxy.section("outbound")) : inherited;
        }
        String word = proxy.value("outbound", Kind.choice(List.of("inherit", "direct")), "inherit");
        return word.equals("direct") ? OutboundProxy.DIRECT : inherited;
    }

    /** A certificate's file may hold its key, too. */
    private static Tls tls(Section tls, String path) {
        Tls read = new Tls(
                tls.optional("ca", Kind.PATH),
                tls.optional("certificate", Kind.PATH),
                tls.optional("key", Kind.PATH),
                tls.value("insecure", Kind.SWITCH, "false"));
        if (read.key.isPresent() && read.certificate.isEmpty() && !tls.failed("certificate")) {
            tls.problem(path + ".key needs a certificate: what a key alone is good for, nobody can tell");
        }
        return read;
    }

    private static Optional<URI> index(Section proxy, Optional<Preset> preset) {
        String byDefault = preset.filter(p -> p == Preset.DOCKER_HUB).isPresent() ? "dockerHub" : "proxied";
        Kind<Optional<URI>> kind = new Kind<>(
                "proxied (the remote registry itself), dockerHub, or a URL",
                text -> switch (text) {
                    case "proxied" -> Optional.of(Optional.empty());
                    case "dockerHub" -> Optional.of(Optional.of(HUB_INDEX));
                    default -> Kind.URL.parse().apply(text).flatMap(value -> Optional.of(Optional.of(value)));
                },
                List.of("proxied", "dockerHub"));
        return proxy.value("index", kind, byDefault);
    }

    private static Connection connection(Section proxy) {
        Connection connection = new Connection(
                proxy.list("pinnedRealms", Kind.URL, List.of()),
                proxy.list("mayReach", Kind.TEXT, List.of()),
                proxy.value("connectTimeout", Kind.DURATION, "10s"),
                proxy.value("stallTimeout", Kind.DURATION, "30s"),
                proxy.value("minimumRate", Kind.SIZE_BYTES, "1 KiB"),
                proxy.value("transfers", Kind.COUNT, "16"),
                proxy.optional("userAgent", Kind.TEXT).orElse(""));
        // The client knows best what it can work with, and here it is said beside all other mistakes.
        proxy.made(() -> RemoteOptions.DEFAULT
                .withRealms(connection.pinnedRealms)
                .withAllowedHosts(connection.mayReach)
                .withTimeouts(connection.connectTimeout, connection.stallTimeout, RemoteOptions.DEFAULT.deadline())
                .withUserAgentSuffix(connection.userAgent));
        return connection;
    }
}
