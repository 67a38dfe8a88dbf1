package io.entrepot.core.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs the same on several threads that set off together. */
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
}
