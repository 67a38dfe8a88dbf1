package io.entrepot.proxy.download;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Those who want to be told once that something has changed. Safe for all threads. */
final class Waiters {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** Who adds himself looks afterwards whether the change has come already, and calls {@link #wake} then. */
    void add(Runnable listener) {
        waiting.add(listener);
    }

    /** Tells those who wait now. Whoever waits again because of it is not told twice. */
    void wake() {
        int some = waiting.size();
        for (int i = 0; i < some; i++) {
            Runnable listener = waiting.poll();
            if (listener == null) {
                return;
            }
            listener.run();
        }
    }

    boolean none() {
        return waiting.isEmpty();
    }
}
