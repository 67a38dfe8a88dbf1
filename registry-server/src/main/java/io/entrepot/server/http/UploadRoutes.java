package io.entrepot.server.http;

import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.wire.Endpoint;
import io.entrepot.core.wire.UploadRange;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Uploads: begun, mounted instead, continued, asked about, completed and cancelled. */
final class UploadRoutes {
    /** A client that names no source has its blob looked for in so many repositories. */
    private static final int SOURCES = 8;

    private UploadRoutes() {}

    static void start(Turn turn, Endpoint.UploadStart at) {
        if (at.digest().isPresent() && bringsBytes(turn.exchange(), at.digest().get())) {
            whole(turn, at, at.digest().get());
        } else if (at.mount().isPresent()) {
            turn.durable(call -> mountOrBegin(turn, at, at.mount().get(), call));
        } else {
            turn.quick(call -> begin(turn, at, call));
        }
    }

    /** An empty body is a whole blob only if the digest says so. */
    private static boolean bringsBytes(HttpServerExchange exchange, Digest digest) {
        return Body.present(exchange) || digest.equals(Body.emptyDigest(digest.algorithm()));
    }

    private static void whole(Turn turn, Endpoint.UploadStart at, Digest digest) {
        UploadHints hints = hints(turn.exchange(), at);
        receive(turn, at.name(), repository -> repository.upload(hints), Optional.of(digest));
    }

    /**
     * A client that waits for leave to send its body (Expect) is told first whether there is an upload for it. With all
     * others the body is under way already, and a small one is here before anybody could have looked.
     */
    private static void receive(
            Turn turn, RepositoryName name, Function<Repository, Upload> opening, Optional<Digest> digest) {
        if (turn.exchange().getRequestHeaders().contains(Headers.EXPECT)) {
            turn.quick(call -> {
                Upload upload = opening.apply(turn.repository(name, call));
                new UploadBody(turn, name, () -> upload, OptionalLong.empty(), digest).receive();
            });
        } else {
            turn.here(call -> {
                Supplier<Upload> open = () -> opening.apply(turn.repository(name, call));
                new UploadBody(turn, name, open, OptionalLong.empty(), digest).receive();
            });
        }
    }

    private static void mountOrBegin(Turn turn, Endpoint.UploadStart at, Digest blob, Call call) {
        Repository target = turn.repository(at.name(), call);
        List<RepositoryName> sources =
                at.from().map(List::of).orElseGet(() -> turn.registry().holders(blob, SOURCES, call));
        for (RepositoryName source : sources) {
            // What is not here cannot be mounted, so no other host is asked for it.
            Optional<Descriptor> mounted = target.mount(blob, turn.repository(source, call.within(Reach.LOCAL)));
            if (mounted.isPresent()) {
                UploadAnswers.created(turn.exchange(), at.name(), mounted.get().digest());
                return;
            }
        }
        begin(turn, at, call);
    }

    private static void begin(Turn turn, Endpoint.UploadStart at, Call call) {
        UploadStatus status;
        try (Upload upload = turn.repository(at.name(), call).upload(hints(turn.exchange(), at))) {
            status = new UploadStatus(upload.id(), upload.offset());
        }
        UploadAnswers.accepted(turn.exchange(), at.name(), status);
    }

    private static UploadHints hints(HttpServerExchange exchange, Endpoint.UploadStart at) {
        long size = exchange.getRequestContentLength();
        OptionalLong known = at.digest().isPresent() && size >= 0 ? OptionalLong.of(size) : OptionalLong.empty();
        return new UploadHints(known, at.digest().map(Digest::algorithm).or(at::algorithm));
    }

    static void patch(Turn turn, Endpoint.UploadAt at) {
        resume(turn, at, Optional.empty());
    }

    static void complete(Turn turn, Endpoint.UploadAt at) {
        Digest digest = at.digest()
                .orElseThrow(() -> RegistryException.invalidDigest(
                        "the request that completes an upload says of what: add ?digest=…"));
        resume(turn, at, Optional.of(digest));
    }

    private static void resume(Turn turn, Endpoint.UploadAt at, Optional<Digest> digest) {
        String contentRange = Header.of(turn.exchange(), Headers.CONTENT_RANGE);
        if (contentRange.isEmpty()) {
            receive(turn, at.name(), repository -> repository.resume(at.id()), digest);
        } else {
            turn.quick(call -> chunk(turn, at, turn.repository(at.name(), call), contentRange, digest));
        }
    }

    /** The status disturbs no writer; a chunk that comes to the wrong place should not either. */
    private static void chunk(
            Turn turn, Endpoint.UploadAt at, Repository repository, String contentRange, Optional<Digest> digest) {
        UploadStatus status = repository.status(at.id());
        OptionalLong expected;
        try {
            expected = OptionalLong.of(length(turn.exchange(), contentRange, status.offset()));
        } catch (RegistryException.OutOfOrder e) {
            UploadAnswers.progress(turn.exchange(), at.name(), status);
            throw e;
        }
        Upload upload = repository.resume(at.id());
        new UploadBody(turn, at.name(), () -> upload, expected, digest).receive();
    }

    /** How many bytes a chunk has that goes on where the upload ends. */
    private static long length(HttpServerExchange exchange, String contentRange, long offset) {
        ByteRange chunk = UploadRange.parse(contentRange, offset);
        if (chunk.offset() != offset) {
            throw new RegistryException.OutOfOrder(
                    offset, "the chunk begins at " + chunk.offset() + ", but the upload goes on at " + offset);
        }
        long length = exchange.getRequestContentLength();
        if (length >= 0 && length != chunk.length()) {
            throw new RegistryException.Invalid(
                    ErrorCode.SIZE_INVALID,
                    "Content-Range says " + chunk.length() + " bytes, Content-Length " + length);
        }
        return chunk.length();
    }

    static void status(Turn turn, Endpoint.UploadAt at) {
        turn.quick(call -> {
            UploadStatus status = turn.repository(at.name(), call).status(at.id());
            UploadAnswers.told(turn.exchange(), at.name(), status);
        });
    }

    static void cancel(Turn turn, Endpoint.UploadAt at) {
        turn.quick(call -> {
            try (Upload upload = turn.repository(at.name(), call).resume(at.id())) {
                upload.cancel();
            }
            Answers.end(turn.exchange().setStatusCode(204));
        });
    }
}
