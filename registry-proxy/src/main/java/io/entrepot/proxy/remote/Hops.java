package io.entrepot.proxy.remote;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request and goes where its answer redirects to. What is shown as {@code Authorization} stays with the origin that
 * it was meant for.
 */
final class Hops implements AutoCloseable {
    static final int MOST = 10;
    /** Headers that say what is wanted, and nothing of who wants it. */
    private static final Set<String> PLAIN = Set.of("accept", "range", "if-range", "if-none-match");

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** One request; {@code whole} says whether the deadline holds for its body too. */
    record Ask(
            String method,
            HttpUrl url,
            Map<String, String> headers,
            Optional<ByteBuffer> body,
            Optional<String> authorization,
            boolean whole) {
        private boolean reads() {
            return method.equals("GET") || method.equals("HEAD");
        }

        private Clients.Use use() {
            return reads() ? Clients.Use.READ : method.equals("PUT") && !whole ? Clients.Use.FINISH : Clients.Use.SEND;
        }

        /** Somewhere else nothing is shown of what we are, and nothing is sent but what it takes to read. */
        private Ask at(HttpUrl next) {
            if (sameOrigin(next)) {
                return new Ask(method, next, headers, body, authorization, whole);
            }
            Map<String, String> plain = new LinkedHashMap<>(headers);
            plain.keySet().removeIf(name -> !PLAIN.contains(name.toLowerCase(Locale.ROOT)));
            return new Ask(method, next, plain, Optional.empty(), Optional.empty(), whole);
        }

        private boolean sameOrigin(HttpUrl next) {
            return Origin.of(url).equals(Origin.of(next));
        }
    }

    private final Clients clients;
    private final boolean httpAllowed;
    private final Duration deadline;
    private final String userAgent;
    private final ScheduledThreadPoolExecutor timer;

    Hops(RootUrl root, RemoteOptions options) {
        this.clients = new Clients(root, options);
        this.httpAllowed = !root.origin().isHttps();
        this.deadline = options.deadline();
        String version = Hops.class.getPackage().getImplementationVersion();
        this.userAgent = ("entrepot/" + (version == null ? "dev" : version) + " " + options.userAgentSuffix()).strip();
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "upstream-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * @return belongs to the caller */
    Response follow(Ask first) {
        return follow(first, response -> {});
    }

    /** Tells of every answer on the way too, which {@code each} leaves open. */
    Response follow(Ask first, Consumer<Response> each) {
        long end = System.nanoTime() + deadline.toNanos();
        Ask ask = first;
        for (int hop = 0; hop <= MOST; hop++) {
            Response response = once(ask, end);
            each.accept(response);
            Optional<HttpUrl> next = next(ask, response);
            if (next.isEmpty()) {
                return response;
            }
            response.close();
            ask = ask.at(next.get());
        }
        throw unavailable(first.url.host() + " redirects more than " + MOST + " times", null);
    }

    private Optional<HttpUrl> next(Ask ask, Response response) {
        String location = response.header("Location");
        int status = response.code();
        boolean followed = REDIRECTS.contains(status) && (ask.reads() || status == 307 || status == 308);
        if (!followed || location == null) {
            return Optional.empty();
        }
        HttpUrl next = ask.url.resolve(location);
        String from = ask.url.host();
        if (next == null || !next.username().isEmpty() || !next.password().isEmpty()) {
            response.close();
            throw unavailable(from + " redirects to what is no http or https URL", null);
        }
        if (!next.isHttps() && !httpAllowed) {
            response.close();
            throw unavailable(
                    from + " redirects from https to http, to " + next.host() + ": that is not followed", null);
        }
        if (!ask.reads() && !ask.sameOrigin(next)) {
            response.close();
            throw unavailable(
                    from + " redirects what is sent to it to " + next.host() + ": that is not followed", null);
        }
        return Optional.of(next);
    }

    /** Exactly one answer, wherever it would lead: for what carries a secret in its body. */
    Response straight(Ask ask) {
        return once(ask, System.nanoTime() + deadline.toNanos());
    }

    private Response once(Ask ask, long end) {
        String host = ask.url.host();
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw late(host);
        }
        if (timer.isShutdown()) {
            throw closed(host);
        }
        AtomicBoolean late = new AtomicBoolean();
        try {
            Call call = clients.of(ask.url, ask.use()).newCall(request(ask));
            if (ask.whole) {
                call.timeout().timeout(left, TimeUnit.NANOSECONDS);
                return checked(call.execute(), host);
            }
            if (!ask.reads()) {
                // An upload's bytes may take as long as they come.
                return checked(call.execute(), host);
            }
            ScheduledFuture<?> alarm = timer.schedule(
                    () -> {
                        late.set(true);
                        call.cancel();
                    },
                    left,
                    TimeUnit.NANOSECONDS);
            try {
                return checked(call.execute(), host);
            } finally {
                alarm.cancel(false);
            }
        } catch (IOException e) {
            throw late.get() ? late(host) : Failures.of(host, clients.proxy(ask.url), e);
        } catch (RejectedExecutionException e) {
            // Closed in between.
            throw closed(host);
        }
    }

    /** Its settings have changed, or we end: whoever asks again asks somebody else. */
    private static RegistryException.Unavailable closed(String host) {
        return unavailable(host + " is not asked any more by this client: try again", null);
    }

    private RegistryException.Unavailable late(String host) {
        return unavailable(host + " did not answer in " + deadline.toSeconds() + " seconds", null);
    }

    private Response checked(Response response, String host) {
        String encoding = response.header("Content-Encoding", "identity");
        boolean encoded = encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity");
        String problem = response.code() == 407
                ? clients.proxy(response.request().url())
                        .filter(proxy -> !response.request().url().isHttps())
                        .map(proxy -> "the outbound proxy " + proxy.host() + " on the way to " + host
                                + " does not accept its user and password")
                        .orElse(host + " takes itself for an outbound proxy")
                : encoded && response.isSuccessful() ? host + " sent an encoded answer that was not asked for" : "";
        if (!problem.isEmpty()) {
            response.close();
            throw unavailable(problem, null);
        }
        return response;
    }

    private Request request(Ask ask) {
        Request.Builder request = new Request.Builder().url(ask.url).method(ask.method, body(ask));
        ask.headers.forEach(request::header);
        request.header("Accept-Encoding", "identity").header("User-Agent", userAgent);
        ask.authorization.ifPresent(value -> request.header("Authorization", value));
        clients.proxyLogin(ask.url).ifPresent(value -> request.header("Proxy-Authorization", value));
        return request.build();
    }

    private static @Nullable RequestBody body(Ask ask) {
        if (ask.body.isEmpty()) {
            boolean required = Set.of("POST", "PUT", "PATCH").contains(ask.method);
            return required ? new Bytes(ByteBuffer.allocate(0)) : null;
        }
        return new Bytes(ask.body.get());
    }

    private static final class Bytes extends RequestBody {
        private final ByteBuffer bytes;

        Bytes(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public long contentLength() {
            return bytes.remaining();
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            ByteBuffer again = bytes.duplicate();
            while (again.hasRemaining()) {
                int unused = sink.write(again);
            }
        }
    }

    static RegistryException.Unavailable unavailable(String message, @Nullable Throwable cause) {
        return new RegistryException.Unavailable(ErrorCode.UNAVAILABLE, message, Optional.empty(), cause);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        clients.close();
    }
}
