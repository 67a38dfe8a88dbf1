package io.entrepot.proxy.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Credentials;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of OkHttp behind one transport: one for each way out and each trust, over shared connections. None follows
 * redirects, logs in or stores anything: that is decided above.
 */
final class Clients implements AutoCloseable {
    private static final Duration UPLOAD_ANSWER = Duration.ofMinutes(5);
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    /** What a request is for. */
    enum Use {
        /** Can be asked again, when a connection that lay idle turns out to be dead. */
        READ,
        SEND,
        /** Ends an upload: whoever gets a large blob looks at all of it before he says so. */
        FINISH
    }

    /**
     * @param own whether it is for the upstream itself or a host that its options name */
    private record Way(Optional<OutboundProxy.Server> proxy, boolean own) {}

    /** Over the same connections. */
    private record Uses(OkHttpClient read, OkHttpClient send, OkHttpClient finish) {
        static Uses of(OkHttpClient read) {
            OkHttpClient send =
                    read.newBuilder().retryOnConnectionFailure(false).build();
            return new Uses(
                    read, send, send.newBuilder().readTimeout(UPLOAD_ANSWER).build());
        }

        OkHttpClient client(Use use) {
            return switch (use) {
                case READ -> read;
                case SEND -> send;
                case FINISH -> finish;
            };
        }
    }

    /** Those whose answers are not yet read. */
    private static final class Open extends EventListener {
        private final Set<Call> calls = ConcurrentHashMap.newKeySet();

        @Override
        public void callStart(Call call) {
            calls.add(call);
        }

        @Override
        public void callEnd(Call call) {
            calls.remove(call);
        }

        @Override
        public void callFailed(Call call, IOException e) {
            calls.remove(call);
        }
    }

    private final RemoteOptions options;
    private final ConnectGuard guard;
    private final HostRules allowed;
    private final Set<String> ownHosts;
    private final OkHttpClient base;
    private final Map<Way, Uses> clients = new ConcurrentHashMap<>();
    private final Open open = new Open();

    Clients(RootUrl root, RemoteOptions options) {
        this.options = options;
        this.allowed = new HostRules(options.allowedHosts());
        this.guard = new ConnectGuard(root.url().host(), allowed);
        this.ownHosts = Stream.concat(
                        Stream.of(root.url().host()),
                        options.realms().stream().map(realm -> Origin.of(realm).host()))
                .collect(Collectors.toUnmodifiableSet());
        this.base = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .addNetworkInterceptor(Clients::once)
                .eventListener(open)
                .protocols(List.of(Protocol.HTTP_1_1))
                .proxy(Proxy.NO_PROXY)
                // It connects to nobody itself: the system's authorities are read when somebody is asked, not at the
                // start.
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .connectionPool(new ConnectionPool(options.idleConnections(), 1, TimeUnit.MINUTES))
                .connectTimeout(options.connectTimeout())
                .readTimeout(options.readTimeout())
                .writeTimeout(options.readTimeout())
                .build();
        if (options.trust().insecure()) {
            LOG.warn(
                    "certificates of {} are NOT verified: whoever is in between can read and change everything",
                    root.origin());
        }
    }

    ConnectGuard guard() {
        return guard;
    }

    Optional<OutboundProxy.Server> proxy(HttpUrl url) {
        return options.proxy().to(Origin.of(url));
    }

    OkHttpClient of(HttpUrl url, Use use) throws ConnectGuard.Refused {
        Optional<OutboundProxy.Server> proxy = proxy(url);
        if (proxy.isPresent()) {
            guard.checkName(url);
        }
        boolean own =
                ownHosts.contains(url.host()) || allowed.match(url.host(), url.port(), Addresses.literal(url.host()));
        return clients.computeIfAbsent(new Way(proxy, own), way -> Uses.of(client(way)))
                .client(use);
    }

    /**
     * OkHttp asks again by itself, and at once, after these answers: what may be repeated, and when, is decided by those who
     * know what it is, and who count.
     */
    private static Response once(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        String after = response.header("Retry-After", "");
        boolean atOnce = after != null && after.strip().matches("0*");
        return switch (response.code()) {
            case 408 ->
                atOnce ? response.newBuilder().header("Retry-After", "1").build() : response;
            case 503 ->
                atOnce ? response.newBuilder().removeHeader("Retry-After").build() : response;
            default -> response;
        };
    }

    private OkHttpClient client(Way way) {
        OkHttpClient.Builder client =
                base.newBuilder().connectionSpecs(List.of(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT));
        Tls.apply(way.own ? options.trust() : TrustOptions.SYSTEM, client);
        if (way.proxy.isEmpty()) {
            client.socketFactory(new Sockets((socket, target, timeout) -> {
                guard.check(target.getHostString(), target.getPort(), target.getAddress());
                socket.direct(target, timeout);
            }));
        } else if (way.proxy.get().kind() == OutboundProxy.Kind.SOCKS5) {
            OutboundProxy.Server server = way.proxy.get();
            client.socketFactory(
                    new Sockets((socket, target, timeout) -> throughSocks(server, socket, target, timeout)));
            // The proxy resolves names. OkHttp wants an address all the same; the socket reads only its name.
            client.dns(host -> List.of(InetAddress.getByAddress(host, new byte[4])));
        } else {
            throughHttp(way.proxy.get(), client);
        }
        return client.build();
    }

    private static void throughSocks(
            OutboundProxy.Server server, Sockets.Dialed socket, InetSocketAddress target, int timeout)
            throws IOException {
        try {
            socket.direct(new InetSocketAddress(server.host(), server.port()), timeout);
            Socks5.open(socket, server, target, timeout);
        } catch (Failures.Told | SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            Failures.Told told =
                    new Failures.Told("the outbound SOCKS proxy " + server.host() + " cannot be talked to");
            told.initCause(e);
            throw told;
        }
    }

    private static void throughHttp(OutboundProxy.Server server, OkHttpClient.Builder client) {
        client.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(server.host(), server.port())));
        client.socketFactory(new Sockets((socket, target, timeout) -> socket.direct(target, timeout)));
        client.proxyAuthenticator((route, response) -> {
            // OkHttp asks this for any 407, also one that came through a tunnel, from whoever is at its end.
            boolean forProxy = response.request().method().equals("CONNECT");
            boolean tried = response.request().header("Proxy-Authorization") != null;
            if (!forProxy || tried || server.user().isEmpty()) {
                return null;
            }
            return response.request()
                    .newBuilder()
                    .header("Proxy-Authorization", login(server))
                    .build();
        });
    }

    private static String login(OutboundProxy.Server server) {
        return Credentials.basic(server.user(), server.password(), UTF_8);
    }

    /** The login of an HTTP proxy that gets this request itself, instead of a tunnel for it; shown before it is asked for. */
    Optional<String> proxyLogin(HttpUrl url) {
        return proxy(url)
                .filter(server -> !url.isHttps() && server.kind() == OutboundProxy.Kind.HTTP)
                .filter(server -> !server.user().isEmpty())
                .map(Clients::login);
    }

    @Override
    public void close() {
        open.calls.forEach(Call::cancel);
        base.dispatcher().executorService().shutdown();
        base.connectionPool().evictAll();
    }
}
