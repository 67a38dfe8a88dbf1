package io.entrepot.server.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.entrepot.server.PushedArtifact;
import io.entrepot.server.crash.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that may open few files lets those wait for whom there is none, and serves them when others are gone. */
class FewFilesTest {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final int FILES = 256;
    private static final int PULLERS = 300;
    private static final int BLOB_BYTES = 8 << 20;

    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void more_clients_than_there_are_files_wait_for_their_turn() throws Exception {
        assumeTrue(Files.isExecutable(PRLIMIT), "no prlimit to limit the open files with");
        try (ServerProcess server = ServerProcess.start(
                folder.resolve("data"), folder.resolve("log"), PRLIMIT.toString(), "--nofile=" + FILES + ":" + FILES)) {
            URI address = server.address();
            byte[] content = new byte[BLOB_BYTES];
            String path = "/v2/few/blobs/" + PushedArtifact.blob(address, "few", content);

            List<Socket> pulls = new ArrayList<>();
            for (int i = 0; i < PULLERS; i++) {
                pulls.add(pull(address, path));
            }
            Thread.sleep(1_000);
            int served = 0;
            for (Socket pull : pulls) {
                String status = status(pull);
                assertThat(status).as("an answer, or none yet").isIn("200", "");
                served += status.equals("200") ? 1 : 0;
            }
            assertThat(served).isGreaterThan(20);
            assertThat(Files.readString(folder.resolve("log"))).doesNotContain("Too many open files", "Exception");
            for (Socket pull : pulls) {
                pull.close();
            }
            for (int i = 0; i < 20; i++) {
                assertThat(PushedArtifact.get(address, path)).isEqualTo(content);
                PushedArtifact.push(address, "few", "v" + i, new byte[] {(byte) i});
            }
        }
    }

    private static Socket pull(URI server, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Empty if nobody answers for a while. */
    private static String status(Socket socket) throws IOException {
        socket.setSoTimeout(10);
        InputStream in = socket.getInputStream();
        try {
            String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            return line.isEmpty() ? "closed" : line.substring(9);
        } catch (SocketTimeoutException e) {
            return "";
        }
    }
}
