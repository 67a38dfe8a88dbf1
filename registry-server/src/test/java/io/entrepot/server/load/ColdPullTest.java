package io.entrepot.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.Threads;
import io.entrepot.proxy.testkit.Fault;
import io.entrepot.proxy.testkit.Match;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import io.entrepot.server.PushedArtifact;
import io.entrepot.server.RegistryServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A hundred clients want one layer that nobody has yet, over HTTP. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ColdPullTest {
    private static final int CLIENTS = 100;
    private static final int SIZE = 16 << 20;
    /** Threads of the server that may be at work however many clients wait: the download's, the database's. */
    private static final int FEW = 8;

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path data;

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final Content layer = seed.content(1, SIZE);
    private final String path = "/v2/team/app/blobs/" + layer.digest();

    private RegistryServer start() {
        upstream.image("team/app", "1", Content.of("{}"), layer);
        return RegistryServer.at(data)
                .port(0)
                .bind("127.0.0.1")
                .set("access.open", "true")
                .set("server.main", "up")
                .set("registries.up.type", "proxy")
                .set("registries.up.remote", upstream.root().toString())
                .start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void all_get_it_and_the_upstream_sends_each_byte_once_though_it_breaks_off_and_nobody_holds_a_thread()
            throws Exception {
        try (RegistryServer server = start()) {
            CountDownLatch goOn = new CountDownLatch(1);
            upstream.on(
                    Match.get("/blobs/" + layer.digest()),
                    1,
                    Fault.stallAt(SIZE / 4, goOn).and(Fault.cutAt(SIZE / 3)));
            PushedArtifact.get(server.url(), "/v2/team/app/manifests/1"); // as every client does first
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", server.port());
            try (Pulls pulls = new Pulls(address, path, layer.bytes(), CLIENTS, CLIENTS)) {
                upstream.await(1, "GET", "/blobs/" + layer.digest());
                long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                for (int calm = 0; calm < 20; calm = atWork() < FEW ? calm + 1 : 0) {
                    assertThat(System.nanoTime())
                            .as("when nobody holds a thread")
                            .isLessThan(patience);
                    Thread.sleep(20);
                }
                goOn.countDown();
                pulls.run(System.nanoTime());
            }
            assertThat(upstream.count("GET", "/blobs/" + layer.digest())).isEqualTo(2);
            assertThat(upstream.bodyBytes(layer.digest())).isEqualTo(SIZE);
        }
    }

    @Test
    void nobody_ever_gets_a_whole_body_of_bytes_that_are_not_what_the_digest_says() throws Exception {
        try (RegistryServer server = start()) {
            upstream.on(Match.get("/blobs/" + layer.digest()), Fault.flipAt(SIZE - 1));
            List<Long> received = Threads.together(CLIENTS, client -> bodyBytes(server.port()));
            assertThat(received).allMatch(bytes -> bytes < SIZE);
        }
    }

    /** Threads of the server that do something, be it waiting: those of pools that have nothing to do wait for a task. */
    private static long atWork() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("entrepot-"))
                .filter(thread -> Stream.of(thread.getValue())
                        .noneMatch(frame -> frame.getMethodName().equals("getTask")))
                .count();
    }

    /** How much of a body there is behind the head of an answer. */
    private long bodyBytes(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int next = in.read();
                assertThat(next).as("an answer that ends in its head: " + head).isNotNegative();
                head.append((char) next);
            }
            byte[] buffer = new byte[64 << 10];
            long bytes = 0;
            for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                bytes += n;
            }
            // An error has a body, too, and that is whole.
            return head.toString().startsWith("HTTP/1.1 200 ") ? bytes : 0;
        }
    }

    /** A connection may be reset, which is an end like any other. */
    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }
}
