package io.entrepot.proxy;

import io.entrepot.core.Call;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one repository of the upstream, and sorts what it says: there, certainly not there, or not to be asked now. That a
 * registry refuses one repository to somebody whom it gave a token is how some say that there is none.
 */
final class Upstreams {
    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);
    /** For those who are not told by the upstream. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Registry upstream;
    private final RepositoryName name;

    Upstreams(Registry upstream, RepositoryName name) {
        this.upstream = upstream;
        this.name = name;
    }

    /** An answer, and what the upstream wants known of it. */
    record Told<T>(T value, List<String> warnings) {}

    /**
     * What it has there; empty if it certainly has nothing.
     *
     * @throws RegistryException.Unavailable if that cannot be said now
     */
    <T> Optional<Told<T>> ask(Function<Repository, T> question) {
        Call call = call();
        return settle(() -> new Told<>(
                question.apply(upstream.repository(name, call)), call.source().warnings()));
    }

    private static Call call() {
        return new Call(Principal.INTERNAL, Call.Purpose.PULL, Reach.ANYWHERE, "upstream");
    }

    static <T> Optional<T> settle(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (RegistryException.Unknown | RegistryException.Denied e) {
            return Optional.empty();
        } catch (RegistryException.InsufficientStorage e) {
            throw e;
        } catch (RegistryException.Unavailable e) {
            throw unavailable(e.code(), e.retryAfter().orElse(RETRY_AFTER), e);
        } catch (RegistryException e) {
            // It wants a login that we do not have, or sends what cannot be used: nothing is known of the thing itself.
            throw unavailable(ErrorCode.UNAVAILABLE, RETRY_AFTER, e);
        }
    }

    /** An upstream in trouble is no fault of ours whose trace everybody who asks should leave in the log. */
    private static RegistryException.Unavailable unavailable(ErrorCode code, Duration retryAfter, RegistryException e) {
        LOG.debug("an upstream could not answer", e);
        return new RegistryException.Unavailable(code, String.valueOf(e.getMessage()), Optional.of(retryAfter), null);
    }

    Repository repository() {
        return upstream.repository(name, call());
    }
}
