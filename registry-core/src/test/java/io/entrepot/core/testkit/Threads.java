package io.entrepot.core.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs the same on several threads that set off together, and looks for those that stay. */
public final class Threads {
    private Threads() {}

    /** What one thread does. */
    public interface Job<T> {
        T run(int thread) throws Exception;
    }

    /** What they answered, in their order. The first failure of one fails the call. */
    public static <T> List<T> together(int threads, Job<T> job) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier start = new CyclicBarrier(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(pool.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return job.run(thread);
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> one : running) {
                answers.add(one.get(50, TimeUnit.SECONDS));
            }
            return answers;
        } finally {
            pool.shutdownNow();
        }
    }

    /** Those that there are now. */
    public static Set<Thread> all() {
        return Set.copyOf(Thread.getAllStackTraces().keySet());
    }

    /**
     * The names of those that there are now, were not then, and are here to stay: a pool says that it has ended a moment
     * before its last thread has.
     */
    public static List<String> since(Set<Thread> then) throws InterruptedException {
        List<String> names = new ArrayList<>();
        for (Thread thread : all()) {
            if (!then.contains(thread)) {
                thread.join(TimeUnit.SECONDS.toMillis(2));
                if (thread.isAlive()) {
                    names.add(thread.getName());
                }
            }
        }
        return names;
    }
}
