package io.entrepot.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the middle of pushes: every blob, manifest, tag and upload offset that was acknowledged is there
 * after the next start. {@code -Dseed=} replays what the clients do; when the blow falls stays chance.
 */
class CrashTest {
    private static final int PUSHERS = 4;

    @TempDir
    Path folder;

    @Test
    void what_was_acknowledged_survives_twenty_kills() throws Exception {
        killAgainAndAgain(20);
    }

    @Test
    @Tag("slow")
    void what_was_acknowledged_survives_two_hundred_kills() throws Exception {
        killAgainAndAgain(200);
    }

    private void killAgainAndAgain(int rounds) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<Pusher> pushers = new ArrayList<>();
        for (int i = 0; i < PUSHERS; i++) {
            pushers.add(new Pusher(i, new Random(random.nextLong())));
        }
        ExecutorService threads = Executors.newFixedThreadPool(PUSHERS);
        try {
            int acknowledged = 0;
            for (int round = 0; round < rounds; round++) {
                try (ServerProcess server = start()) {
                    String when = "seed " + seed + ", before round " + round;
                    verify(pushers, when, pusher -> pusher.verify(server.address()));
                    acknowledged = round(server, pushers, threads, 100 + random.nextInt(500));
                }
            }
            try (ServerProcess server = start()) {
                verify(pushers, "seed " + seed + ", at last", pusher -> pusher.verifyAll(server.address()));
            }
            assertThat(acknowledged).as("there was something to lose").isGreaterThan(rounds * PUSHERS);
        } finally {
            threads.shutdownNow();
        }
    }

    private ServerProcess start() throws Exception {
        return ServerProcess.start(folder.resolve("data"), folder.resolve("server.log"));
    }

    /** How many things have been acknowledged by the end of it. */
    private static int round(ServerProcess server, List<Pusher> pushers, ExecutorService threads, int millis)
            throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (Pusher pusher : pushers) {
            running.add(threads.submit(() -> {
                pusher.pushUntilDeath(server.address());
                return null;
            }));
        }
        Thread.sleep(millis);
        server.kill();
        for (Future<?> each : running) {
            each.get(30, TimeUnit.SECONDS);
        }
        return pushers.stream().mapToInt(Pusher::acknowledged).sum();
    }

    private interface Verification {
        void of(Pusher pusher) throws Exception;
    }

    private static void verify(List<Pusher> pushers, String when, Verification verification) throws Exception {
        for (Pusher pusher : pushers) {
            try {
                verification.of(pusher);
            } catch (AssertionError e) {
                throw new AssertionError(when + ": " + e.getMessage(), e);
            }
        }
    }
}
