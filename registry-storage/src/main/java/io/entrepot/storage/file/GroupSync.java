package io.entrepot.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;

/**
 * One sync that serves all who wait for it. Whoever comes while one is running waits for the next, since the running one
 * may have begun before his change; all who came meanwhile share that next one, and its failure. Waits through
 * interrupts.
 */
final class GroupSync {

    /** What is synced. */
    interface Action {
        void run() throws IOException;
    }

    /** Those who are served together. Its fields are guarded by the group. */
    private static final class Batch {
        boolean done;
        Optional<Exception> failure = Optional.empty();
    }

    private final Action action;

    @GuardedBy("this")
    private Batch next = new Batch();

    @GuardedBy("this")
    private boolean running;

    GroupSync(Action action) {
        this.action = action;
    }

    /** Returns when an action that began after this call was made has ended well. */
    void sync() throws IOException {
        Batch mine;
        boolean leads;
        synchronized (this) {
            mine = next;
            awaitTurn(mine);
            leads = !mine.done;
            if (leads) {
                running = true;
                next = new Batch();
            }
        }
        if (leads) {
            lead(mine);
        }
        synchronized (this) {
            if (mine.failure.isPresent()) {
                // A new one for each: they are thrown in different threads.
                throw new IOException("the sync failed", mine.failure.get());
            }
        }
    }

    @GuardedBy("this")
    private void awaitTurn(Batch mine) {
        boolean interrupted = false;
        while (running && !mine.done) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void lead(Batch batch) {
        Optional<Exception> failure = Optional.empty();
        try {
            runThroughInterrupts();
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(e);
        }
        synchronized (this) {
            batch.done = true;
            batch.failure = failure;
            running = false;
            notifyAll();
        }
    }

    /**
     * An interrupt of the thread that happens to lead must not fail those who wait, so the action is done again. No error
     * hides behind it: what is synced here are directories, whose errors are those of the file system's log and stay.
     */
    private void runThroughInterrupts() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    interrupted |= Thread.interrupted();
                    action.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
