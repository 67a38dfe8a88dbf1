package io.entrepot.server.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a JVM of its own, as {@code entrepot serve} starts it, that can be killed. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final URI address;

    private ServerProcess(Process process, Path log, URI address) {
        this.process = process;
        this.log = log;
        this.address = address;
    }

    /**
     * Starts one over this data folder and waits until it answers.
     *
     * @param by a program and its arguments that start another, for limits that it sets
     */
    public static ServerProcess start(Path data, Path log, String... by) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(by));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.entrepot.server.cli.Main",
                "serve",
                "--set",
                "access.open=true",
                // Of the usual registries the one that asks nobody else.
                "--set",
                "server.main=private",
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        ServerProcess server = new ServerProcess(process, log, URI.create("http://127.0.0.1:" + port));
        server.awaitAnswer();
        return server;
    }

    public URI address() {
        return address;
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL: nothing of the process runs after this. */
    public void kill() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private void awaitAnswer() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest ping = HttpRequest.newBuilder(address.resolve("/v2/"))
                .timeout(Duration.ofSeconds(2))
                .build();
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                if (client.send(ping, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet: asked again below, until the time is up.
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not start:\n" + Files.readString(log));
            }
            Thread.sleep(20);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
