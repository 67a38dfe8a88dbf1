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

/**
 * The body of a request on its way into an upload that this one owns: appended as it comes, then committed or left for
 * the next request. However it ends, the upload is closed before the answer, so that whoever reads that finds it free.
 */
final class UploadBody implements BodyReceiver.Sink, BodyReceiver.Outcome {
    private final Turn turn;
    private final RepositoryName name;
    private final Upload upload;
    private final OptionalLong expected;
    private final Optional<Digest> digest;

    /**
     * @param expected how many bytes the request announced by its Content-Range
     * @param digest to commit it under, if this request completes the upload
     */
    UploadBody(Turn turn, RepositoryName name, Upload upload, OptionalLong expected, Optional<Digest> digest) {
        this.turn = turn;
        this.name = name;
        this.upload = upload;
        this.expected = expected;
        this.digest = digest;
    }

    void receive() {
        if (Body.present(turn.exchange())) {
            long limit = expected.orElse(Long.MAX_VALUE);
            Workers workers = turn.workers();
            BodyReceiver.receive(turn.exchange(), workers.buffers(), workers::bulk, this, limit, this);
        } else {
            complete(0);
        }
    }

    @Override
    public void take(ByteBuffer bytes) {
        upload.append(upload.offset(), bytes);
    }

    @Override
    public void complete(long bytes) {
        if (expected.isPresent() && expected.getAsLong() != bytes) {
            refused(new RegistryException.Invalid(
                    ErrorCode.SIZE_INVALID, "the body is not as long as its Content-Range says"));
        } else if (digest.isPresent()) {
            finish(turn.workers()::durable, () -> commit(digest.get()));
        } else {
            finish(turn.workers()::quick, this::keep);
        }
    }

    private void commit(Digest as) {
        try (upload) {
            upload.commit(as);
        }
        UploadAnswers.created(turn.exchange(), name, as);
    }

    private void keep() {
        UploadStatus status = new UploadStatus(upload.id(), upload.offset());
        upload.close();
        UploadAnswers.accepted(turn.exchange(), name, status);
    }

    @Override
    public void refused(Throwable why) {
        finish(turn.workers()::quick, () -> refuse(why));
    }

    private void refuse(Throwable why) {
        upload.close();
        if (why instanceof RegistryException.OutOfOrder other) {
            UploadAnswers.progress(turn.exchange(), name, new UploadStatus(upload.id(), other.offset()));
        }
        turn.fail(why);
    }

    @Override
    public void aborted() {
        finish(turn.workers()::bulk, () -> {
            upload.close();
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
