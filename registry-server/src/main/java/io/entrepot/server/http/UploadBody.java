package io.entrepot.server.http;

import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadStatus;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way into an upload that this one owns: appended as it comes, then committed or left for
 * the next request. The upload is opened when its first bytes are there, on the thread that takes them: a small request
 * is done by one thread in one go. However it ends, the upload is closed before the answer, so that whoever reads that
 * finds it free.
 */
final class UploadBody implements BodyReceiver.Sink, BodyReceiver.Outcome {
    private final Turn turn;
    private final RepositoryName name;
    private final Supplier<Upload> opening;
    private final OptionalLong expected;
    private final Optional<Digest> digest;
    /** Handed from thread to thread with the bytes. */
    private @Nullable Upload opened;

    /**
     * @param opening begins or resumes the upload; called once, where it may block
     * @param expected how many bytes the request announced by its Content-Range
     * @param digest to commit it under, if this request completes the upload
     */
    UploadBody(
            Turn turn, RepositoryName name, Supplier<Upload> opening, OptionalLong expected, Optional<Digest> digest) {
        this.turn = turn;
        this.name = name;
        this.opening = opening;
        this.expected = expected;
        this.digest = digest;
    }

    void receive() {
        Workers workers = turn.workers();
        if (Body.present(turn.exchange())) {
            long limit = expected.orElse(Long.MAX_VALUE);
            BodyReceiver.receive(turn.exchange(), workers.buffers(), workers::bulk, this, limit, this);
        } else {
            complete(0, BodyReceiver.Rest.none(workers.buffers()));
        }
    }

    private Upload upload() {
        Upload upload = opened;
        if (upload == null) {
            upload = opening.get();
            opened = upload;
        }
        return upload;
    }

    private void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public void take(ByteBuffer bytes) {
        Upload upload = upload();
        upload.append(upload.offset(), bytes);
    }

    @Override
    public void complete(long bytes, BodyReceiver.Rest rest) {
        Consumer<Runnable> pool = digest.isPresent() ? turn.workers()::durable : turn.workers()::quick;
        try {
            pool.accept(() -> end(bytes, rest));
        } catch (RegistryException.Unavailable e) {
            rest.close();
            refuse(e);
        }
    }

    private void end(long bytes, BodyReceiver.Rest rest) {
        try {
            try (rest) {
                take(rest.bytes());
            }
            if (expected.isPresent() && expected.getAsLong() != bytes) {
                throw new RegistryException.Invalid(
                        ErrorCode.SIZE_INVALID, "the body is not as long as its Content-Range says");
            }
            if (digest.isPresent()) {
                commit(digest.get());
            } else {
                keep();
            }
        } catch (Throwable e) {
            refuse(e);
        }
    }

    private void commit(Digest as) {
        try (Upload upload = upload()) {
            upload.commit(as);
        }
        UploadAnswers.created(turn.exchange(), name, as);
    }

    private void keep() {
        UploadStatus status;
        try (Upload upload = upload()) {
            status = new UploadStatus(upload.id(), upload.offset());
        }
        UploadAnswers.accepted(turn.exchange(), name, status);
    }

    @Override
    public void refused(Throwable why) {
        finish(turn.workers()::quick, () -> refuse(why));
    }

    private void refuse(Throwable why) {
        close();
        if (why instanceof RegistryException.OutOfOrder other && opened != null) {
            UploadAnswers.progress(turn.exchange(), name, new UploadStatus(opened.id(), other.offset()));
        }
        turn.fail(why);
    }

    @Override
    public void aborted() {
        finish(turn.workers()::bulk, () -> {
            close();
            Answers.end(turn.exchange());
        });
    }

    /** Runs the last step where it may block; if there is no room for it, the upload is at least left whole. */
    private void finish(Consumer<Runnable> pool, Runnable last) {
        try {
            pool.accept(() -> {
                try {
                    last.run();
                } catch (Throwable e) {
                    turn.fail(e);
                }
            });
        } catch (RegistryException.Unavailable e) {
            refuse(e);
        }
    }
}
