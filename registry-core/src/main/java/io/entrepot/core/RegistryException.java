package io.entrepot.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was not answered, sorted by what the caller can do about it. The codes for the wire ride inside; messages
 * name the thing and what to do, and never hold a path, a query or a secret, since clients print them.
 */
public abstract sealed class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** One entry of the error list that a client gets. {@code detail} is a digest, a name or a rule, or nothing. */
    public record Problem(ErrorCode code, String message, Optional<String> detail) {}

    private final transient List<Problem> problems;

    private RegistryException(List<Problem> problems, @Nullable Throwable cause, boolean withStack) {
        super(problems.get(0).message(), cause, false, withStack);
        this.problems = List.copyOf(problems);
    }

    /** At least one; the first carries the message of this exception. */
    public final List<Problem> problems() {
        return problems;
    }

    public final ErrorCode code() {
        return problems.get(0).code();
    }

    /** It is certainly not here: look elsewhere. Stackless, since a miss is an ordinary answer. */
    public static final class Unknown extends RegistryException {
        private static final long serialVersionUID = 1;

        Unknown(ErrorCode code, String message, String detail) {
            this(List.of(new Problem(code, message, Optional.of(detail))));
        }

        public Unknown(List<Problem> problems) {
            super(problems, null, false);
        }
    }

    /** The request or its content is wrong: mend it. */
    public static sealed class Invalid extends RegistryException {
        private static final long serialVersionUID = 1;

        public Invalid(ErrorCode code, String message) {
            this(List.of(new Problem(code, message, Optional.empty())));
        }

        public Invalid(List<Problem> problems) {
            super(problems, null, false);
        }
    }

    /** Bytes were sent for a place of an upload other than its end; {@link #offset()} is where it goes on. */
    public static final class OutOfOrder extends Invalid {
        private static final long serialVersionUID = 1;
        private final long offset;

        public OutOfOrder(long offset, String message) {
            super(ErrorCode.BLOB_UPLOAD_INVALID, message);
            this.offset = offset;
        }

        public long offset() {
            return offset;
        }
    }

    /** A range of a blob that it does not have. */
    public static final class RangeUnsatisfiable extends Invalid {
        private static final long serialVersionUID = 1;
        private final long size;

        public RangeUnsatisfiable(long size, String message) {
            super(ErrorCode.SIZE_INVALID, message);
            this.size = size;
        }

        public long size() {
            return size;
        }
    }

    /** Larger than {@link #limit()} bytes, entries or characters, whichever the message says. */
    public static final class TooLarge extends Invalid {
        private static final long serialVersionUID = 1;
        private final long limit;

        public TooLarge(ErrorCode code, long limit, String message) {
            super(code, message);
            this.limit = limit;
        }

        public long limit() {
            return limit;
        }
    }

    /** The tag is not (or no longer) what the caller made his request depend on. */
    public static final class PreconditionFailed extends Invalid {
        private static final long serialVersionUID = 1;

        public PreconditionFailed(String message) {
            super(ErrorCode.DENIED, message);
        }
    }

    /** Who asks is not known well enough: log in, or bring a better token. */
    public static final class Unauthorized extends RegistryException {
        private static final long serialVersionUID = 1;

        /** What the client should do about it, as a challenge says it. */
        public enum Reason {
            /** No credential was shown. */
            NOBODY,
            /** A password or key was shown, and is wrong. */
            WRONG_CREDENTIALS,
            /** A token was shown, and is malformed, expired, revoked or not for us. */
            INVALID_TOKEN,
            /** The token is good, but not for this. */
            INSUFFICIENT_SCOPE
        }

        private final Reason reason;

        public Unauthorized(String message) {
            this(Reason.NOBODY, message, message);
        }

        public Unauthorized(Reason reason, String message, String detail) {
            super(List.of(new Problem(ErrorCode.UNAUTHORIZED, message, Optional.of(detail))), null, false);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    /** Refused by a rule, which the message names: ask an administrator. */
    public static final class Denied extends RegistryException {
        private static final long serialVersionUID = 1;

        public Denied(String message, String detail) {
            super(List.of(new Problem(ErrorCode.DENIED, message, Optional.of(detail))), null, false);
        }
    }

    /** This repository never does that: use another one. */
    public static final class Unsupported extends RegistryException {
        private static final long serialVersionUID = 1;

        public Unsupported(String message) {
            super(List.of(new Problem(ErrorCode.UNSUPPORTED, message, Optional.empty())), null, false);
        }
    }

    /** It could not be asked or done now: try again, after {@link #retryAfter()} if that is known. */
    public static sealed class Unavailable extends RegistryException {
        private static final long serialVersionUID = 1;
        private final transient Optional<Duration> retryAfter;
        private final boolean absentBefore;

        public Unavailable(ErrorCode code, String message, Optional<Duration> retryAfter, @Nullable Throwable cause) {
            this(code, message, retryAfter, cause, false);
        }

        private Unavailable(
                ErrorCode code,
                String message,
                Optional<Duration> retryAfter,
                @Nullable Throwable cause,
                boolean absentBefore) {
            super(List.of(new Problem(code, message, Optional.empty())), cause, true);
            this.retryAfter = retryAfter;
            this.absentBefore = absentBefore;
        }

        public Optional<Duration> retryAfter() {
            return retryAfter;
        }

        /**
         * Whether it was certainly not there when that could last be asked. No answer to whoever wants the thing itself;
         * enough for a group to look elsewhere.
         */
        public boolean absentBefore() {
            return absentBefore;
        }

        /** The same, of something that was not there when that could last be asked. */
        public Unavailable ofAbsent() {
            return new Unavailable(code(), String.valueOf(getMessage()), retryAfter, this, true);
        }
    }

    /** The disk, or our share of it, is full. Nothing that was acknowledged is touched; deleting makes room. */
    public static final class InsufficientStorage extends Unavailable {
        private static final long serialVersionUID = 1;

        public InsufficientStorage(String message, @Nullable Throwable cause) {
            super(ErrorCode.DENIED, message, Optional.empty(), cause);
        }
    }

    public static Unknown unknownBlob(Digest digest) {
        return new Unknown(ErrorCode.BLOB_UNKNOWN, "blob unknown to this repository", digest.toString());
    }

    public static Unknown unknownManifest(Reference reference) {
        return new Unknown(ErrorCode.MANIFEST_UNKNOWN, "manifest unknown: " + reference, reference.toString());
    }

    public static Unknown unknownName(RepositoryName name) {
        return new Unknown(
                ErrorCode.NAME_UNKNOWN, "repository " + name + " is not known to this registry", name.value());
    }

    public static Unknown unknownUpload(UploadId id) {
        return new Unknown(
                ErrorCode.BLOB_UPLOAD_UNKNOWN,
                "upload unknown: it was completed, cancelled or has expired",
                id.toString());
    }

    /** Something that a client asked to read by a name that cannot exist, such as {@code .INVALID}. */
    public static Unknown unknownReference(String reference) {
        return new Unknown(ErrorCode.MANIFEST_UNKNOWN, "manifest unknown: not a tag or digest", reference);
    }

    public static Invalid invalidName(String message) {
        return new Invalid(ErrorCode.NAME_INVALID, message);
    }

    public static Invalid invalidDigest(String message) {
        return new Invalid(ErrorCode.DIGEST_INVALID, message);
    }

    public static Invalid invalidManifest(String message) {
        return new Invalid(ErrorCode.MANIFEST_INVALID, message);
    }

    /** One entry for each missing blob, as the specification asks. */
    public static Invalid missingBlobs(List<Digest> missing) {
        return new Invalid(missing.stream()
                .map(d -> new Problem(
                        ErrorCode.MANIFEST_BLOB_UNKNOWN,
                        "the manifest refers to a blob that this repository does not have: push it first",
                        Optional.of(d.toString())))
                .toList());
    }

    /** A store could not read or write. The cause is for the log; the message is all that a client sees. */
    public static Unavailable storage(String message, @Nullable Throwable cause) {
        return new Unavailable(ErrorCode.UNKNOWN, message, Optional.empty(), cause);
    }

    /** {@link #getMessage()} with the offset or size that some kinds carry, for logs. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // The message is the client's.
    public String toString() {
        OptionalLong number = this instanceof OutOfOrder o
                ? OptionalLong.of(o.offset())
                : this instanceof RangeUnsatisfiable r ? OptionalLong.of(r.size()) : OptionalLong.empty();
        return code() + ": " + getMessage() + (number.isPresent() ? " (" + number.getAsLong() + ")" : "");
    }
}
