package io.entrepot.storage.sql;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.sql.SQLException;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/** A few connections that only read, beside the writer and undisturbed by it. Opened when needed, the warmest used first. */
final class Readers implements AutoCloseable {
    private final SqliteFile file;
    private final int most;
    private final Semaphore permits;
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Readers(SqliteFile file, int most) {
        this.file = file;
        this.most = most;
        this.permits = new Semaphore(most);
    }

    /** Each statement of the work sees the newest committed state; several need not see the same. */
    <T> T run(Work<T> work) {
        permits.acquireUninterruptibly();
        try {
            Session session = session();
            try {
                return work.in(session);
            } finally {
                idle.push(session);
            }
        } catch (SQLException e) {
            throw Failures.of(e);
        } finally {
            permits.release();
        }
    }

    private Session session() throws SQLException {
        if (closed) {
            throw new RegistryException.Unavailable(
                    ErrorCode.UNAVAILABLE, "the metadata database is closed", Optional.empty(), null);
        }
        Session session = idle.poll();
        return session != null ? session : file.reader();
    }

    /** Waits for those who read. */
    @Override
    public void close() throws SQLException {
        closed = true;
        permits.acquireUninterruptibly(most);
        try {
            for (Session session = idle.poll(); session != null; session = idle.poll()) {
                session.close();
            }
        } finally {
            permits.release(most);
        }
    }
}
