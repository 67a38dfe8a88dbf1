package io.entrepot.server.http;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Source;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Proof;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
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

    /**
     * What he looks for something for. Who asked for a token to push is pushing; others who may push pull more often than
     * not, but Helm and oras look with a token for pulling before they push.
     */
    Call.Purpose purpose(RepositoryName name) {
        if (admission.caller().proof() == Proof.TOKEN && admission.mayPush(name)) {
            return Call.Purpose.PUSH;
        }
        return admission.couldPush(name) ? Call.Purpose.EITHER : Call.Purpose.PULL;
    }

    /** For reads: from memory if it can answer, else on a quick thread, else where other hosts may be asked. */
    void read(Operation operation) {
        try {
            operation.run(call.within(Reach.MEMORY));
        } catch (BeyondReach e) {
            quick(operation);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** For short calls that memory cannot answer. What needs other hosts holds up nothing else while it waits for them. */
    void quick(Operation operation) {
        later(workers::quick, () -> {
            try {
                operation.run(call.within(Reach.LOCAL));
            } catch (BeyondReach e) {
                elsewhere(workers::far, () -> attempt(operation));
            } catch (Throwable e) {
                fail(e);
            }
        });
    }

    /** For calls that end in a sync of the disk. */
    void durable(Operation operation) {
        later(workers::durable, () -> attempt(operation));
    }

    /** For what begins on the IO thread and knows itself where to go on. */
    void here(Operation operation) {
        exchange.dispatch(Runnable::run, () -> attempt(operation));
    }

    private void later(Consumer<Runnable> pool, Runnable task) {
        // By way of Undertow, so that the handler's own call stack has ended before another thread begins.
        exchange.dispatch(Runnable::run, () -> elsewhere(pool, task));
    }

    private void elsewhere(Consumer<Runnable> pool, Runnable task) {
        try {
            pool.accept(task);
        } catch (RegistryException.Unavailable e) {
            fail(e);
        }
    }

    /**
     * Lets the answer say of itself what was noted: what is to be warned of, and to those who showed who they are, which
     * registry gave it.
     */
    void describe(Call answered) {
        Source source = answered.source();
        if (source.silent()) {
            return;
        }
        HeaderMap headers = exchange.getResponseHeaders();
        if (admission.known()) {
            source.registry().ifPresent(registry -> headers.put(Answers.SOURCE, registry));
        }
        source.warnings().forEach(warning -> headers.add(Answers.WARNING, Answers.warning(warning)));
    }

    /**
     * Answers with a blob, when something of it is there or it is known that nothing will come. Nobody waits for that: what
     * brings the bytes says when.
     */
    void whenBegun(Blob blob, Runnable answer) {
        if (begun(blob)) {
            answer.run();
            return;
        }
        exchange.dispatch(
                Runnable::run,
                () -> blob.onMore(() -> {
                    try {
                        workers.quick(() -> answerOrWait(blob, answer));
                    } catch (RegistryException.Unavailable e) {
                        blob.close();
                        fail(e);
                    }
                }));
    }

    private void answerOrWait(Blob blob, Runnable answer) {
        try {
            if (exchange.isComplete()) {
                // The client is gone.
                blob.close();
            } else {
                whenBegun(blob, answer);
            }
        } catch (Throwable e) {
            blob.close();
            fail(e);
        }
    }

    /** @throws RegistryException if it ends before it begins */
    private static boolean begun(Blob blob) {
        if (blob.size() == 0 || blob.available() > 0) {
            return true;
        }
        blob.failure().ifPresent(failure -> {
            throw failure;
        });
        return false;
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
