package io.entrepot.server.http;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Call;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.undertow.server.HttpServerExchange;
import java.util.function.Consumer;

/**
 * One request on its way: where its calls run, and that it is answered whatever they throw. What memory can answer is
 * answered at once on the IO thread; all else is dispatched.
 */
final class Turn {
    private final HttpServerExchange exchange;
    private final Registry registry;
    private final Workers workers;
    private final Call call;
    private final Admission admission;

    /** Calls the registry and then answers, or throws. May run twice, so it changes nothing before its first call. */
    @FunctionalInterface
    interface Operation {
        void run(Call call);
    }

    /**
     * @param registry as the caller may see it
     * @param call reaching anywhere
     */
    Turn(HttpServerExchange exchange, Registry registry, Workers workers, Call call, Admission admission) {
        this.exchange = exchange;
        this.registry = registry;
        this.workers = workers;
        this.call = call;
        this.admission = admission;
    }

    HttpServerExchange exchange() {
        return exchange;
    }

    Workers workers() {
        return workers;
    }

    Registry registry() {
        return registry;
    }

    Repository repository(RepositoryName name, Call as) {
        return registry.repository(name, as);
    }

    /** Refuses who may push nothing there, before what he sends is received. */
    void requirePushing(RepositoryName name) {
        admission.requirePushing(name);
    }

    /** For reads: from memory if it can answer, else on a quick thread. */
    void read(Operation operation) {
        try {
            operation.run(call.within(Reach.MEMORY));
        } catch (BeyondReach e) {
            quick(operation);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** For short calls that memory cannot answer. */
    void quick(Operation operation) {
        later(workers::quick, operation);
    }

    /** For calls that end in a sync of the disk. */
    void durable(Operation operation) {
        later(workers::durable, operation);
    }

    /** For what begins on the IO thread and knows itself where to go on. */
    void here(Operation operation) {
        exchange.dispatch(Runnable::run, () -> attempt(operation));
    }

    private void later(Consumer<Runnable> pool, Operation operation) {
        // By way of Undertow, so that the handler's own call stack has ended before another thread begins.
        exchange.dispatch(Runnable::run, () -> {
            try {
                pool.accept(() -> attempt(operation));
            } catch (RegistryException.Unavailable e) {
                fail(e);
            }
        });
    }

    private void attempt(Operation operation) {
        try {
            operation.run(call);
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Notes for the audit log that content was changed. */
    void note(String action, RepositoryName name, Reference what) {
        admission.note(action, name + (what instanceof Tag ? ":" : "@") + what);
    }

    /** Answers with an error; at the latest possible moment by closing the connection. */
    void fail(Throwable why) {
        admission.refuse(why);
    }
}
