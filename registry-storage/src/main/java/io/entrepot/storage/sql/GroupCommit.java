package io.entrepot.storage.sql;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * The one writer of a database. Commands that wait together share a transaction, and so one sync; each has a savepoint,
 * so one that fails takes no other with it. Nobody learns how his command went before the transaction is durable.
 */
final class GroupCommit implements AutoCloseable {
    private static final int MOST = 64;

    private final Session session;
    private final Runnable afterwards;
    private final Thread thread;
    /** Guarded by its own monitor, as is {@link #closed}. */
    private final Queue<Command<?>> waiting = new ArrayDeque<>();

    private boolean closed;

    /** @param afterwards runs on the writer's thread after each transaction */
    GroupCommit(Session session, Runnable afterwards) {
        this.session = session;
        this.afterwards = afterwards;
        this.thread = new Thread(this::work, "entrepot-sql-writer");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Waits until the command is durable, interrupted or not: what has begun cannot be taken back. */
    <T> T run(Work<T> work) {
        Command<T> command = new Command<>(work);
        synchronized (waiting) {
            if (closed) {
                throw new RegistryException.Unavailable(
                        ErrorCode.UNAVAILABLE, "the metadata database is being closed", Optional.empty(), null);
            }
            waiting.add(command);
            waiting.notifyAll();
        }
        return command.await();
    }

    private void work() {
        List<Command<?>> batch = new ArrayList<>(MOST);
        while (take(batch)) {
            transact(batch);
            batch.clear();
            afterwards.run();
        }
    }

    /** Whether there is anything left to do. */
    private boolean take(List<Command<?>> batch) {
        synchronized (waiting) {
            while (waiting.isEmpty() && !closed) {
                try {
                    waiting.wait();
                } catch (InterruptedException e) {
                    // This thread is ours alone: only closing ends it.
                }
            }
            while (!waiting.isEmpty() && batch.size() < MOST) {
                batch.add(waiting.remove());
            }
        }
        return !batch.isEmpty();
    }

    private void transact(List<Command<?>> batch) {
        try {
            session.update("BEGIN IMMEDIATE");
            for (Command<?> command : batch) {
                attempt(command);
            }
            session.update("COMMIT");
        } catch (Throwable e) { // whatever it is, everybody who waits must hear of it
            rollBack(e);
            batch.forEach(command -> command.fail(Failures.of(e)));
            return;
        }
        batch.forEach(Command::deliver);
    }

    private void attempt(Command<?> command) throws SQLException {
        session.update("SAVEPOINT command");
        try {
            command.perform(session);
        } catch (SQLException | RuntimeException e) {
            command.willFail(Failures.of(e));
            undo(e);
        }
        session.update("RELEASE command");
    }

    /** A full or failing disk may have undone the whole transaction already, and then everybody's command. */
    private void undo(Exception cause) throws SQLException {
        try {
            session.update("ROLLBACK TO command");
        } catch (SQLException e) {
            if (cause instanceof SQLException first) {
                first.addSuppressed(e);
                throw first;
            }
            throw e;
        }
    }

    private void rollBack(Throwable cause) {
        try {
            session.update("ROLLBACK");
        } catch (SQLException | RuntimeException e) {
            // It is rolled back already, or the next BEGIN will say what is wrong.
            cause.addSuppressed(e);
        }
    }

    /** Finishes what waits, takes nothing new, and ends its thread. The session stays open. */
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What somebody waits for. Only the writer's thread touches it until it is delivered. */
    private static final class Command<T> {
        /** How it went, to be looked at by whoever waits. */
        private interface Outcome<T> {
            T get();
        }

        private final Work<T> work;
        private final CompletableFuture<Outcome<T>> delivered = new CompletableFuture<>();
        private Outcome<T> outcome = () -> {
            throw new IllegalStateException("not performed");
        };

        Command(Work<T> work) {
            this.work = work;
        }

        void perform(Session session) throws SQLException {
            T result = work.in(session);
            outcome = () -> result;
        }

        void willFail(RuntimeException failure) {
            outcome = () -> {
                throw failure;
            };
        }

        void fail(RuntimeException failure) {
            willFail(failure);
            deliver();
        }

        void deliver() {
            delivered.complete(outcome);
        }

        T await() {
            return delivered.join().get();
        }
    }
}
