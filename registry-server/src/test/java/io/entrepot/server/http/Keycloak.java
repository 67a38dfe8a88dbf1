package io.entrepot.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A real Keycloak of its own, in a folder that it fills, with one realm. */
final class Keycloak implements AutoCloseable {
    static final String VERSION = "26.4.0";
    private static final Duration START = Duration.ofMinutes(5);

    private final Process process;
    private final int port;

    private Keycloak(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Where Maven keeps it once it was fetched. */
    static Path zip() {
        String repository = System.getProperty(
                "maven.repo.local",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
        return Path.of(repository)
                .resolve("org/keycloak/keycloak-quarkus-dist")
                .resolve(VERSION)
                .resolve("keycloak-quarkus-dist-" + VERSION + ".zip");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** @param realm a file that it imports; it serves the realm {@code entrepot} of it when this returns */
    static Keycloak start(Path folder, int port, String realm) throws Exception {
        unzip(folder);
        Path home = folder.resolve("keycloak-" + VERSION);
        Files.createDirectories(home.resolve("data/import"));
        Files.writeString(home.resolve("data/import/entrepot-realm.json"), realm);
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--http-port",
                Integer.toString(port),
                "--http-host",
                "127.0.0.1",
                "--import-realm");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("keycloak.log").toFile())
                .start();
        Keycloak keycloak = new Keycloak(process, port);
        try {
            keycloak.await(folder.resolve("keycloak.log"));
            return keycloak;
        } catch (Exception | AssertionError e) {
            keycloak.close();
            throw e;
        }
    }

    private static void unzip(Path folder) throws IOException {
        try (InputStream in = Files.newInputStream(zip());
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("an entry that leads out of the folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(entries, target);
                }
            }
        }
    }

    private void await(Path log) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(issuer() + "/.well-known/openid-configuration"))
                .timeout(Duration.ofSeconds(10))
                .build();
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() - end < 0 && process.isAlive()) {
            try {
                if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (ConnectException | java.net.http.HttpTimeoutException e) {
                // It is still starting.
            }
            Thread.sleep(500);
        }
        throw new AssertionError("Keycloak does not start:\n" + Files.readString(log));
    }

    URI issuer() {
        return URI.create("http://127.0.0.1:" + port + "/realms/entrepot");
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (process.waitFor(30, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
