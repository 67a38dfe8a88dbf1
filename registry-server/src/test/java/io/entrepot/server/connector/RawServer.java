package io.entrepot.server.connector;

import io.entrepot.server.tls.TestTls;
import io.undertow.server.HttpServerExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * A connector on a free port and raw sockets to it. Its handler notes every request it sees and answers 200, after
 * reading the body except for paths that begin with {@code /early} (401 at once) and for GET, HEAD and DELETE.
 */
final class RawServer implements AutoCloseable {
    private static final Pattern STATUS = Pattern.compile("(?<=^|\n|\r|\\})HTTP/1\\.[01] (\\d{3})");

    final List<String> handled = new CopyOnWriteArrayList<>();
    private final IoThreads io = IoThreads.open(2);
    private final Optional<TestTls> tls;
    final Connector connector;

    RawServer(HttpLimits limits) {
        this(limits, Optional.empty());
    }

    private RawServer(HttpLimits limits, Optional<TestTls> tls) {
        this.tls = tls;
        ConnectorOptions plain = new ConnectorOptions(new InetSocketAddress("127.0.0.1", 0), limits);
        try {
            connector = Connector.open(tls.map(t -> plain.with(t.tls())).orElse(plain), io, this::handle);
        } catch (ConnectorException e) {
            throw new AssertionError(e);
        }
    }

    static RawServer overTls(HttpLimits limits) {
        return new RawServer(limits, Optional.of(TestTls.open()));
    }

    private void handle(HttpServerExchange exchange) {
        handled.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + exchange.getQueryString());
        String method = exchange.getRequestMethod().toString();
        if (exchange.getRequestURI().startsWith("/early")) {
            exchange.setStatusCode(401).getResponseSender().send("{early}");
        } else if (List.of("GET", "HEAD", "DELETE").contains(method)) {
            exchange.getResponseSender().send("{ok}");
        } else {
            exchange.getRequestReceiver()
                    .receiveFullBytes(
                            (e, bytes) -> e.getResponseSender().send("{" + bytes.length + "}"),
                            (e, failure) -> e.endExchange());
        }
    }

    /** To the server's port, and through TLS if it speaks that. */
    Socket connect() throws IOException {
        Socket socket = connectInClear();
        return tls.isPresent() ? tls.get().over(socket) : socket;
    }

    /** TLS over {@code socket}, not yet agreed upon. */
    SSLSocket begin(Socket socket) throws IOException {
        return tls.orElseThrow().begin(socket);
    }

    Socket connectInClear() throws IOException {
        Socket socket = new Socket("127.0.0.1", connector.address().getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Sends {@code request} and reads until the server closes, or says nothing for {@code millis}. */
    Exchange send(String request, int millis) throws IOException {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(bytes(request));
            } catch (SocketException | SSLException e) {
                // Refused before it was all sent: the answer is there.
            }
            return read(socket, millis);
        }
    }

    static Exchange read(Socket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        boolean closed = false;
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                all.write(b);
            }
            closed = true;
        } catch (SocketTimeoutException e) {
            closed = false;
        } catch (SocketException | SSLException e) {
            closed = true;
        }
        return new Exchange(all.toString(StandardCharsets.ISO_8859_1), closed);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        connector.close();
        io.close();
        tls.ifPresent(TestTls::close);
    }

    /** What came back, and whether the server closed. */
    record Exchange(String text, boolean closed) {
        List<Integer> statuses() {
            return STATUS.matcher(text)
                    .results()
                    .map(r -> Integer.valueOf(r.group(1)))
                    .toList();
        }
    }
}
