package io.entrepot.storage.file;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * Threads of the store's own on which everything is synced. Nobody interrupts them, so no interrupt closes a channel
 * under a sync that others share, and no real error of the disk hides behind one. There are as many as callers wait.
 */
final class SyncThreads implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool(new ThreadFactoryBuilder()
            .setNameFormat("blob-sync-%d")
            .setDaemon(true)
            .build());

    /** Runs the work there and waits for it, through interrupts of the caller. */
    <T> T run(Callable<T> work) throws IOException {
        try {
            return Objects.requireNonNull(Uninterruptibles.getUninterruptibly(threads.submit(work)));
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            Throwables.throwIfInstanceOf(cause, IOException.class);
            Throwables.throwIfUnchecked(cause);
            throw new IllegalStateException(cause);
        } catch (RejectedExecutionException e) {
            throw new IOException("the blob store is closed", e);
        }
    }

    /** Work that runs while its caller does something else. */
    record Begun(Future<?> work) {
        boolean ended() {
            return work.isDone();
        }

        /** Waits through interrupts. What the work threw was the work's to handle. */
        void await() {
            try {
                Uninterruptibles.getUninterruptibly(work);
            } catch (ExecutionException e) {
                Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
            }
        }
    }

    Begun begin(Runnable work) {
        return new Begun(threads.submit(work));
    }

    /** Ends the threads when they have done what was begun. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
