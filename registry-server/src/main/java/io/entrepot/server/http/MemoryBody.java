package io.entrepot.server.http;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The body of a request that is small enough to be held in memory, received whole before anybody looks at it. */
final class MemoryBody extends ByteArrayOutputStream implements BodyReceiver.Sink, BodyReceiver.Outcome {
    private final Turn turn;
    private final Consumer<byte[]> then;

    private MemoryBody(Turn turn, Consumer<byte[]> then) {
        this.turn = turn;
        this.then = then;
    }

    /** A body that says that it is too long is refused unread. {@code then} runs on an IO thread. */
    static void receive(Turn turn, int limit, Consumer<byte[]> then) {
        if (turn.exchange().getRequestContentLength() > limit) {
            turn.fail(new RegistryException.TooLarge(
                    ErrorCode.SIZE_INVALID, limit, "the body is longer than the " + limit + " bytes allowed here"));
            return;
        }
        MemoryBody body = new MemoryBody(turn, then);
        turn.exchange().addExchangeCompleteListener((ended, next) -> {
            turn.workers().bodies().giveBack(body.size());
            next.proceed();
        });
        turn.exchange()
                .dispatch(
                        Runnable::run,
                        () -> BodyReceiver.receive(
                                turn.exchange(), turn.workers().buffers(), Runnable::run, body, limit, body));
    }

    @Override
    public void take(ByteBuffer bytes) {
        if (!turn.workers().bodies().take(bytes.remaining())) {
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
        turn.fail(why);
    }

    @Override
    public void aborted() {
        Answers.end(turn.exchange());
    }
}
