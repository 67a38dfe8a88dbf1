package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.testkit.Seed;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.Sources;
import io.entrepot.server.connector.Connector;
import io.entrepot.server.connector.ConnectorOptions;
import io.entrepot.server.connector.HttpLimits;
import io.entrepot.server.connector.IoThreads;
import io.entrepot.server.http.Addresses;
import io.entrepot.server.http.Entrance;
import io.entrepot.server.http.HttpOptions;
import io.entrepot.server.http.Reception;
import io.entrepot.server.http.RegistryHandler;
import io.entrepot.server.http.RootHandler;
import io.entrepot.server.http.Site;
import io.entrepot.server.http.Workers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Crowds that hold connections open and send next to nothing are shut out; whoever has work to do does it meanwhile. */
class SlowCrowdTest {
    private static final HttpLimits LIMITS = HttpLimits.defaults()
            .with(new HttpLimits.Head(64 * 1024, 100, 50, 16 * 1024, 8 * 1024, Duration.ofSeconds(1)))
            .with(new HttpLimits.Pace(
                    Duration.ofSeconds(10), Duration.ofSeconds(1), 1024, 1024, Duration.ofSeconds(2)));
    private static final String HEAD = "GET /v2/ HTTP/1.1\r\nHost: x\r\nA: a";
    private static final String BODY = "POST /v2/slow/blobs/uploads/?digest=sha256:" + "0".repeat(64)
            + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc";
    private static final int OF_EACH_KIND = 200;
    private static final int WORKERS = 4;
    private static final long DRIP_MILLIS = 250;
    private static final long DEADLINE_MILLIS = 20_000;

    @RegisterExtension
    final Seed seed = new Seed();

    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void eight_hundred_who_dawdle_are_shut_out_and_nobody_else_notices() throws Exception {
        Sources sources =
                Sources.NONE.with("server.data", folder.resolve("data").toString(), "a test");
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        try (Assembly assembly = Assembly.of(Configuration.read(sources), InstantSource.system());
                Workers workers = new Workers();
                IoThreads io = IoThreads.open();
                Connector connector = open(assembly, workers, io)) {
            List<Dawdler> crowd = crowd(connector.address());
            List<Future<Integer>> working = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                int number = i;
                working.add(threads.submit(() -> work(connector.address(), number, crowd)));
            }
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
            while (crowd.stream().anyMatch(Dawdler::isOpen) && System.nanoTime() < deadline) {
                Thread.sleep(DRIP_MILLIS);
                crowd.forEach(Dawdler::drip);
            }
            assertThat(crowd.stream().filter(Dawdler::isOpen)).isEmpty();
            for (Future<Integer> work : working) {
                assertThat(work.get(20, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Connector open(Assembly assembly, Workers workers, IoThreads io) throws Exception {
        Entrance entrance = Entrance.open(assembly.registry("private").orElseThrow());
        Reception reception = new Reception(entrance, workers, Addresses.LOCAL);
        Site site = new Site(List.of(new RegistryHandler(reception, HttpOptions.DEFAULT).route()));
        return Connector.open(
                new ConnectorOptions(new InetSocketAddress("127.0.0.1", 0), LIMITS),
                io,
                new RootHandler(exchange -> site, HttpOptions.DEFAULT, "test"));
    }

    private static List<Dawdler> crowd(InetSocketAddress server) throws IOException {
        List<Dawdler> crowd = new ArrayList<>();
        for (int i = 0; i < OF_EACH_KIND; i++) {
            for (String start : List.of(HEAD, BODY)) {
                crowd.add(new Dawdler(server, start, ""));
                crowd.add(new Dawdler(server, start, "a"));
            }
        }
        return crowd;
    }

    /** Pushes and pulls until the last of the crowd is gone. How often that went well; it fails where it does not. */
    private int work(InetSocketAddress server, int number, List<Dawdler> crowd) throws Exception {
        URI url = URI.create("http://127.0.0.1:" + server.getPort() + "/");
        int done = 0;
        while (done == 0 || crowd.stream().anyMatch(Dawdler::isOpen)) {
            byte[] content = seed.content(number * 1_000_000 + done, 10_000).bytes();
            PushedArtifact pushed = PushedArtifact.push(url, "work/" + number, "v1", content);
            assertThat(PushedArtifact.get(url, "/v2/work/" + number + "/blobs/" + pushed.layer()))
                    .isEqualTo(content);
            done++;
        }
        return done;
    }

    /** One connection. Only the test's thread uses it; others may ask whether it is open. */
    private static final class Dawdler {
        private final SocketChannel channel;
        private final String drip;

        Dawdler(InetSocketAddress server, String start, String drip) throws IOException {
            this.channel = SocketChannel.open(server);
            this.drip = drip;
            channel.write(bytes(start));
            channel.configureBlocking(false);
        }

        boolean isOpen() {
            return channel.isOpen();
        }

        /** Sends a little more, and sees whether anybody still listens. */
        void drip() {
            if (!channel.isOpen()) {
                return;
            }
            try {
                channel.write(bytes(drip));
                if (channel.read(ByteBuffer.allocate(1_000)) < 0) {
                    channel.close();
                }
            } catch (IOException e) {
                close();
            }
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private static ByteBuffer bytes(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
