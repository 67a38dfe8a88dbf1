package io.entrepot.server.http;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.undertow.server.HttpServerExchange;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The body of a request that is small enough to be held in memory, received whole before anybody looks at it. */
final class MemoryBody extends ByteArrayOutputStream implements BodyReceiver.Sink, BodyReceiver.Outcome {
    private final HttpServerExchange exchange;
    private final Workers workers;
    private final Consumer<byte[]> then;
    private final Consumer<Throwable> otherwise;

    private MemoryBody(
            HttpServerExchange exchange, Workers workers, Consumer<byte[]> then, Consumer<Throwable> otherwise) {
        this.exchange = exchange;
        this.workers = workers;
        this.then = then;
        this.otherwise = otherwise;
    }

    /** As the other one, with a turn's own way to fail. */
    static void receive(Turn turn, int limit, Consumer<byte[]> then) {
        receive(turn.exchange(), turn.workers(), limit, then, turn::fail);
    }

    /**
     * A body that says that it is too long is refused unread.
     *
     * @param then runs on an IO thread
     * @param otherwise answers if the body is too long, or there is no room for it
     */
    static void receive(
            HttpServerExchange exchange,
            Workers workers,
            int limit,
            Consumer<byte[]> then,
            Consumer<Throwable> otherwise) {
        if (exchange.getRequestContentLength() > limit) {
            otherwise.accept(new RegistryException.TooLarge(
                    ErrorCode.SIZE_INVALID, limit, "the body is longer than the " + limit + " bytes allowed here"));
            return;
        }
        MemoryBody body = new MemoryBody(exchange, workers, then, otherwise);
        exchange.addExchangeCompleteListener((ended, next) -> {
            workers.bodies().giveBack(body.size());
            next.proceed();
        });
        exchange.dispatch(
                Runnable::run,
                () -> BodyReceiver.receive(exchange, workers.buffers(), Runnable::run, body, limit, body));
    }

    @Override
    public void take(ByteBuffer bytes) {
        if (!workers.bodies().take(bytes.remaining())) {
            throw Workers.overloaded();
        }
        byte[] some = new byte[bytes.remaining()];
        bytes.get(some);
        write(some, 0, some.length);
    }

    @Override
    public void complete(long bytes, BodyReceiver.Rest rest) {
        try (rest) {
            take(rest.bytes());
        } catch (RegistryException e) {
            refused(e);
            return;
        }
        then.accept(toByteArray());
    }

    @Override
    public void refused(Throwable why) {
        otherwise.accept(why);
    }

    @Override
    public void aborted() {
        Answers.end(exchange);
    }
}
