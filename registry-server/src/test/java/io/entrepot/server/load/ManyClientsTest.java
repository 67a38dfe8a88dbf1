package io.entrepot.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Digest;
import io.entrepot.server.PushedArtifact;
import io.entrepot.server.crash.ServerProcess;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server with a heap of 256 MiB serves a thousand who pull, most of them slowly, while many push. */
@Tag("slow")
class ManyClientsTest {
    private static final Logger LOG = LoggerFactory.getLogger(ManyClientsTest.class);
    private static final int BLOB_BYTES = 64 << 20;
    private static final int PULLERS = 1_000;
    private static final int FAST = 30;
    private static final int PUSHERS = 64;
    private static final int PUSHES = 6;
    private static final int PUSHED_BYTES = 2 << 20;
    private static final long LEAST_SECONDS = 20;

    @TempDir
    Path folder;

    @Test
    @Timeout(180)
    void a_thousand_pulls_and_many_pushes_at_once_need_little_memory() throws Exception {
        Path log = folder.resolve("server.log");
        ExecutorService threads = Executors.newFixedThreadPool(PUSHERS);
        try (ServerProcess server = ServerProcess.start(folder.resolve("data"), log)) {
            URI address = server.address();
            byte[] large = random(0, BLOB_BYTES);
            String path = "/v2/many/blobs/" + PushedArtifact.blob(address, "many", large);
            InetSocketAddress socket = new InetSocketAddress(address.getHost(), address.getPort());
            try (Pulls pulls = new Pulls(socket, path, large, PULLERS, FAST)) {
                long begin = System.nanoTime();
                List<Future<List<Digest>>> pushing = new ArrayList<>();
                for (int i = 0; i < PUSHERS; i++) {
                    int number = i + 1;
                    pushing.add(threads.submit(() -> push(address, number)));
                }
                pulls.run(begin + TimeUnit.SECONDS.toNanos(LEAST_SECONDS));
                assertThat(pulls.leastOfTheSlow()).isPositive();
                for (Future<List<Digest>> pushed : pushing) {
                    assertReadable(address, pushed.get(60, TimeUnit.SECONDS));
                }
                // Meanwhile the slow ones have had nothing to complain about.
                pulls.run(System.nanoTime());
                report(server, begin);
            }
            assertThat(Files.readString(log)).doesNotContain("OutOfMemory", "ERROR", "WARN");
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Digest> push(URI address, int number) throws Exception {
        List<Digest> pushed = new ArrayList<>();
        for (int i = 0; i < PUSHES; i++) {
            pushed.add(PushedArtifact.blob(address, "many", random(number * 1_000L + i, PUSHED_BYTES)));
        }
        return pushed;
    }

    private static void assertReadable(URI address, List<Digest> blobs) throws Exception {
        for (Digest blob : blobs) {
            byte[] read = PushedArtifact.get(address, "/v2/many/blobs/" + blob);
            assertThat(Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(read)))
                    .isEqualTo(blob);
        }
    }

    private static byte[] random(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** What it took, where the system tells. */
    private static void report(ServerProcess server, long begin) throws Exception {
        Path status = Path.of("/proc", Long.toString(server.pid()), "status");
        if (Files.exists(status)) {
            String peak = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .findFirst()
                    .orElse("");
            LOG.info("{} after {} s", peak, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
        }
    }
}
