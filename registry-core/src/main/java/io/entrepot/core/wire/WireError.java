package io.entrepot.core.wire;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Problem;
import io.entrepot.core.RegistryException.Unauthorized.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * An error as it travels: status, the headers that belong to it, and {@code {"errors":[…]}}. The one place that turns
 * exceptions into HTTP, and HTTP back into exceptions.
 *
 * @param headers {@code Retry-After}, {@code Range} or {@code Content-Range}, where the exception knows them
 * @param body JSON in UTF-8, of type {@code application/json}; read-only, each time at its beginning
 */
public record WireError(int status, Map<String, String> headers, ByteBuffer body) {
    public WireError {
        headers = Map.copyOf(headers);
        body = body.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer body() {
        return body.duplicate();
    }

    /** @param requestId stands in the messages of faults, so that what a client prints can be found in the log */
    public static WireError of(RegistryException e, String requestId) {
        int status = status(e);
        return new WireError(
                status, headersOf(e), ByteBuffer.wrap(Json.bytes(json -> write(e, status, requestId, json))));
    }

    /** What a client was refused with; the codes do not matter to it, since servers choose them differently. */
    public static int status(RegistryException e) {
        if (e instanceof RegistryException.Unknown) {
            return 404;
        } else if (e instanceof RegistryException.OutOfOrder || e instanceof RegistryException.RangeUnsatisfiable) {
            return 416;
        } else if (e instanceof RegistryException.TooLarge) {
            return 413;
        } else if (e instanceof RegistryException.PreconditionFailed) {
            return 412;
        } else if (e instanceof RegistryException.Unauthorized) {
            return 401;
        } else if (e instanceof RegistryException.Denied) {
            return 403;
        } else if (e instanceof RegistryException.Unsupported) {
            return 405;
        } else if (e instanceof RegistryException.InsufficientStorage) {
            return 507;
        } else if (e instanceof RegistryException.Unavailable) {
            return e.code() == ErrorCode.TOOMANYREQUESTS ? 429 : e.code() == ErrorCode.UNKNOWN ? 500 : 503;
        }
        return 400;
    }

    private static Map<String, String> headersOf(RegistryException e) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (e instanceof RegistryException.OutOfOrder o) {
            headers.put("Range", UploadRange.held(o.offset()));
        } else if (e instanceof RegistryException.RangeUnsatisfiable r) {
            headers.put("Content-Range", HttpRanges.unsatisfied(r.size()));
        } else if (e instanceof RegistryException.Unavailable u) {
            u.retryAfter().ifPresent(wait -> headers.put("Retry-After", Long.toString(wholeSeconds(wait))));
        }
        return headers;
    }

    /** Rounded up: a client that comes back too early has waited for nothing. */
    private static long wholeSeconds(Duration wait) {
        return Math.max(0, wait.plusNanos(999_999_999).toSeconds());
    }

    private static void write(RegistryException e, int status, String requestId, JsonWriter json) throws IOException {
        json.beginObject().name("errors").beginArray();
        for (Problem problem : e.problems()) {
            String message = status < 500 ? problem.message() : problem.message() + " (request " + requestId + ")";
            json.beginObject();
            json.name("code").value(problem.code().name());
            json.name("message").value(message);
            // Without a detail, docker takes a 401 for a fault and repeats the push for most of a minute.
            Optional<String> detail = problem.code() == ErrorCode.UNAUTHORIZED
                    ? problem.detail().or(() -> Optional.of(problem.message()))
                    : problem.detail();
            if (detail.isPresent()) {
                json.name("detail").value(detail.get());
            }
            json.endObject();
        }
        json.endArray().endObject();
    }

    /**
     * What another registry meant by an answer that is not a success. Any body will do: what is not understood is replaced
     * by a sentence with the status.
     *
     * @param headers the first value of a header by its name, empty if there is none
     */
    public static RegistryException read(int status, UnaryOperator<String> headers, byte[] body) {
        List<Problem> problems = problems(body);
        ErrorCode fallback = fallback(status);
        Problem first = problems.isEmpty()
                ? new Problem(fallback, "the registry answered with status " + status, Optional.empty())
                : problems.get(0);
        String message = first.message();
        List<Problem> all = problems.isEmpty() ? List.of(first) : problems;
        return switch (status) {
            case 401 ->
                new RegistryException.Unauthorized(
                        reason(headers), message, first.detail().orElse(message));
            case 403, 451 ->
                new RegistryException.Denied(message, first.detail().orElse(""));
            case 404, 410 -> new RegistryException.Unknown(all);
            case 405 -> new RegistryException.Unsupported(message);
            case 412 -> new RegistryException.PreconditionFailed(message);
            case 413 -> new RegistryException.TooLarge(first.code(), 0, message);
            case 416 -> outOfRange(first, headers);
            case 408, 429 -> unavailable(ErrorCode.TOOMANYREQUESTS, message, headers);
            case 507 -> new RegistryException.InsufficientStorage(message, null);
            default -> {
                if (status >= 400 && status < 500) {
                    yield new RegistryException.Invalid(all);
                }
                yield unavailable(fallback, message, headers);
            }
        };
    }

    /** Whether a password was wrong or none was shown, only the one who asked knows. */
    private static Reason reason(UnaryOperator<String> headers) {
        return Challenge.parse(List.of(headers.apply("WWW-Authenticate"))).stream()
                .flatMap(challenge ->
                        challenge instanceof Challenge.Bearer bearer ? bearer.error().stream() : Stream.empty())
                .map(error -> switch (error) {
                    case Challenge.Bearer.INSUFFICIENT_SCOPE -> Reason.INSUFFICIENT_SCOPE;
                    case Challenge.Bearer.INVALID_TOKEN -> Reason.INVALID_TOKEN;
                    default -> Reason.NOBODY;
                })
                .findFirst()
                .orElse(Reason.NOBODY);
    }

    private static ErrorCode fallback(int status) {
        return switch (status) {
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403, 451 -> ErrorCode.DENIED;
            case 404, 410 -> ErrorCode.NAME_UNKNOWN;
            case 413 -> ErrorCode.SIZE_INVALID;
            case 416 -> ErrorCode.BLOB_UPLOAD_INVALID;
            case 408, 429 -> ErrorCode.TOOMANYREQUESTS;
            case 502, 503, 504 -> ErrorCode.UNAVAILABLE;
            default -> status >= 400 && status < 500 ? ErrorCode.UNSUPPORTED : ErrorCode.UNKNOWN;
        };
    }

    private static RegistryException outOfRange(Problem problem, UnaryOperator<String> headers) {
        return HttpRanges.sizeWhenUnsatisfied(headers.apply("Content-Range"))
                .<RegistryException>map(size -> new RegistryException.RangeUnsatisfiable(size, problem.message()))
                .orElseGet(() -> new RegistryException.OutOfOrder(
                        UploadRange.heldBytes(headers.apply("Range")), problem.message()));
    }

    private static RegistryException unavailable(ErrorCode code, String message, UnaryOperator<String> headers) {
        return new RegistryException.Unavailable(code, message, retryAfter(headers.apply("Retry-After")), null);
    }

    /** Seconds only; a date needs a clock, and who sends one means "later". */
    private static Optional<Duration> retryAfter(String header) {
        if (header.isEmpty() || header.length() > 9 || !header.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Long.parseLong(header)));
    }

    private static List<Problem> problems(byte[] body) {
        List<Problem> problems = new ArrayList<>();
        for (JsonElement entry :
                Json.objectOf(body).flatMap(o -> Json.array(o, "errors")).orElseGet(List::of)) {
            if (entry instanceof JsonObject error) {
                ErrorCode code = code(Json.string(error, "code").orElse(""));
                String message = Json.string(error, "message").orElse(code.name());
                problems.add(new Problem(code, message, Json.string(error, "detail")));
            }
        }
        return problems;
    }

    /** Other registries have codes of their own. */
    private static ErrorCode code(String name) {
        return Arrays.stream(ErrorCode.values())
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElse(ErrorCode.UNSUPPORTED);
    }
}
