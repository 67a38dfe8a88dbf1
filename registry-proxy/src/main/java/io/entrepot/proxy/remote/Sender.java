package io.entrepot.proxy.remote;

import io.entrepot.core.Call;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.wire.Endpoint;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends requests for a call, again where that may help, and says what answers mean that are not the ones hoped for. */
final class Sender {
    private final Transport transport;
    private final Patience patience;
    private final Refusals refusals;

    Sender(Transport transport, Patience patience) {
        this.transport = transport;
        this.patience = patience;
        this.refusals = new Refusals(patience.clock());
    }

    static Outgoing to(String method, Endpoint endpoint) {
        return Outgoing.of(method, endpoint.render(), endpoint.scopes(method));
    }

    /**
     * The answer, of any status that trying again would not change. The caller closes it.
     *
     * @throws RegistryException.Unavailable if there is none, or one that only says that the server is in trouble
     */
    Reply send(Outgoing request, Call call) {
        call.reach().require(Reach.ANYWHERE);
        return patience.with(repeatable(request), () -> once(request, call));
    }

    /** What is read of the answer, all anew if it breaks off. */
    <T> T read(Outgoing request, Call call, Function<Reply, T> reading) {
        call.reach().require(Reach.ANYWHERE);
        return patience.with(repeatable(request), () -> {
            try (Reply reply = once(request, call)) {
                return reading.apply(reply);
            }
        });
    }

    /** Throws what any other status means: {@code unknown} for a 404. */
    void require(int status, Reply reply, Supplier<RegistryException> unknown) {
        if (reply.status() != status) {
            throw refusal(reply, unknown);
        }
    }

    /** As {@link #require}, where any success will do: registries differ in how they say it. */
    void requireSuccess(Reply reply, Supplier<RegistryException> unknown) {
        if (reply.status() < 200 || reply.status() > 299) {
            throw refusal(reply, unknown);
        }
    }

    RegistryException refusal(Reply reply) {
        return refusals.of(reply);
    }

    private RegistryException refusal(Reply reply, Supplier<RegistryException> unknown) {
        RegistryException refusal = refusal(reply);
        // What we asked for we know better than somebody whose answer may be a page that says 404.
        return refusal instanceof RegistryException.Unknown ? unknown.get() : refusal;
    }

    private Reply once(Outgoing request, Call call) {
        Reply reply = transport.send(request);
        try {
            Warnings.of(reply.headers("Warning")).forEach(call.source()::warn);
            if (Refusals.inTrouble(reply.status())) {
                throw refusals.of(reply);
            }
            requirePlain(reply);
            return reply;
        } catch (RuntimeException e) {
            reply.close();
            throw e;
        }
    }

    /** Digests are over the bytes as they are, and we ask for them so. */
    private static void requirePlain(Reply reply) {
        String encoding = reply.header("Content-Encoding").strip();
        if (reply.status() < 300 && !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw Refusals.nonsense("it encodes what it sends, although it was asked not to");
        }
    }

    /** Also the PUT of a manifest: whoever does it twice has done it. That of a blob ends its upload. */
    private static boolean repeatable(Outgoing request) {
        return switch (request.method()) {
            case "GET", "HEAD" -> true;
            case "PUT" -> request.target().getPath().contains("/manifests/");
            default -> false;
        };
    }
}
