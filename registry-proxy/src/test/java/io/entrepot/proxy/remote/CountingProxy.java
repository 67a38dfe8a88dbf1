package io.entrepot.proxy.remote;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A way out of a network that wants a password and writes down who goes where: an HTTP proxy, or a SOCKS5 one. Wherever
 * somebody wants to go, he comes to {@code target}.
 */
final class CountingProxy implements AutoCloseable {
    static final String USER = "team";
    static final String PASSWORD = "s3cret:with colon";

    /** {@code host:port} of each connection or request that was let through. */
    final List<String> passed = new CopyOnWriteArrayList<>();
    /** What was shown and not accepted. */
    final List<String> refused = new CopyOnWriteArrayList<>();

    private final ServerSocket server;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private CountingProxy(boolean socks, int target) throws IOException {
        this.server = new ServerSocket(0);
        this.target = target;
        threads.execute(() -> accept(socks));
    }

    static CountingProxy http(int target) throws IOException {
        return new CountingProxy(false, target);
    }

    static CountingProxy socks(int target) throws IOException {
        return new CountingProxy(true, target);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept(boolean socks) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> serve(client, socks));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client, boolean socks) {
        try (client) {
            if (socks) {
                socks(client);
            } else {
                http(client);
            }
        } catch (IOException e) {
            // The client is gone.
            return;
        }
    }

    private void socks(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        in.readByte();
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        boolean login = new String(methods, StandardCharsets.ISO_8859_1).indexOf(2) >= 0;
        if (!login) {
            refused.add("no login");
        }
        out.write(new byte[] {5, (byte) (login ? 2 : 0xff)});
        if (!login) {
            return;
        }
        in.readByte();
        String user = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
        String password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
        boolean right = user.equals(USER) && password.equals(PASSWORD);
        if (!right) {
            // Noted first: whoever gets the answer may look at once.
            refused.add(user);
        }
        out.write(new byte[] {1, (byte) (right ? 0 : 1)});
        if (!right) {
            return;
        }
        in.readNBytes(3);
        int type = in.readUnsignedByte();
        String host = type == 3
                ? new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8)
                : "address of " + in.readNBytes(type == 1 ? 4 : 16).length + " bytes";
        passed.add(host + ":" + in.readUnsignedShort());
        out.write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 0});
        relay(client);
    }

    private void http(Socket client) throws IOException {
        String head = head(client.getInputStream());
        if (head.isEmpty()) {
            return;
        }
        String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
        String login = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (!head.contains("Proxy-Authorization: Basic " + login)) {
            refused.add(line[1]);
            client.getOutputStream()
                    .write(("HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"way out\"\r\n"
                                    + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        if (line[0].equals("CONNECT")) {
            passed.add(line[1]);
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            relay(client);
            return;
        }
        URI url = URI.create(line[1]);
        passed.add(url.getRawAuthority());
        StringBuilder request =
                new StringBuilder(line[0] + " " + url.getRawPath() + " HTTP/1.1\r\nConnection: close\r\n");
        head.lines()
                .skip(1)
                .filter(header -> !header.isEmpty() && !header.startsWith("Proxy-") && !header.startsWith("Connection"))
                .forEach(header -> request.append(header).append("\r\n"));
        answer(client, request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        String text = "";
        while (!text.endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.write(b);
            text = head.toString(StandardCharsets.ISO_8859_1);
        }
        return text;
    }

    /** One request and its answer, and the connection is over. */
    private void answer(Socket client, byte[] request) throws IOException {
        try (Socket there = new Socket("127.0.0.1", target)) {
            there.getOutputStream().write(request);
            there.shutdownOutput();
            there.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private void relay(Socket client) throws IOException {
        try (Socket there = new Socket("127.0.0.1", target)) {
            threads.execute(() -> copy(client, there));
            there.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has ended.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
