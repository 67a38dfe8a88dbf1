package io.entrepot.storage.file;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads of the store's own for syncs that nobody waits for yet: at most one for each upload that grows. (A commit syncs
 * on its caller's thread: handing it over was measured to take up to twice as long when all processors are busy.)
 */
final class SyncThreads implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool(new ThreadFactoryBuilder()
            .setNameFormat("blob-sync-%d")
            .setDaemon(true)
            .build());

    /** Work that runs while its caller does something else. */
    record Begun(Future<?> work) {
        boolean ended() {
            return work.isDone();
        }

        /** Waits through interrupts. */
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
