package io.entrepot.proxy.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/**
 * The client's side of SOCKS 5 (RFC 1928, RFC 1929). Our own, since the JDK's asks an authenticator of the whole JVM, and
 * shows the name of the operating system's user without one. Names go to the proxy as they are.
 */
final class Socks5 {
    private Socks5() {}

    /** On a socket that is connected to the proxy. */
    static void open(Socket socket, OutboundProxy.Server proxy, InetSocketAddress target, int timeoutMillis)
            throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout(timeoutMillis);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        boolean named = !proxy.user().isEmpty();
        out.write(named ? new byte[] {5, 1, 2} : new byte[] {5, 1, 0});
        out.flush();
        int version = in.readUnsignedByte();
        int method = in.readUnsignedByte();
        if (version != 5 || method != (named ? 2 : 0)) {
            throw failed(proxy, named ? "it does not accept user and password" : "it asks for a user and password");
        }
        if (named) {
            logIn(in, out, proxy);
        }
        out.write(request(target, proxy));
        out.flush();
        version = in.readUnsignedByte();
        int answer = in.readUnsignedByte();
        if (version != 5 || answer != 0) {
            throw answer == 2 || version != 5 ? failed(proxy, why(answer)) : unreachable(proxy, why(answer));
        }
        in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int length = switch (type) {
            case 1 -> 4;
            case 3 -> in.readUnsignedByte();
            case 4 -> 16;
            default -> throw failed(proxy, "it answered what is no SOCKS 5");
        };
        in.readFully(new byte[length + 2]);
        socket.setSoTimeout(before);
    }

    private static void logIn(DataInputStream in, OutputStream out, OutboundProxy.Server proxy) throws IOException {
        byte[] user = proxy.user().getBytes(UTF_8);
        byte[] password = proxy.password().getBytes(UTF_8);
        ByteArrayOutputStream login = new ByteArrayOutputStream();
        login.write(1);
        login.write(user.length);
        login.write(user);
        login.write(password.length);
        login.write(password);
        out.write(login.toByteArray());
        out.flush();
        in.readUnsignedByte();
        if (in.readUnsignedByte() != 0) {
            throw failed(proxy, "it refused its user and password");
        }
    }

    private static byte[] request(InetSocketAddress target, OutboundProxy.Server proxy) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] {5, 1, 0});
        Optional<InetAddress> literal = Addresses.literal(target.getHostString());
        if (literal.isPresent()) {
            byte[] address = literal.get().getAddress();
            request.write(address.length == 4 ? 1 : 4);
            request.writeBytes(address);
        } else {
            byte[] name = target.getHostString().getBytes(UTF_8);
            if (name.length > 255) {
                throw failed(proxy, "the name of the host is too long for it");
            }
            request.write(3);
            request.write(name.length);
            request.writeBytes(name);
        }
        request.write(target.getPort() >> 8);
        request.write(target.getPort());
        return request.toByteArray();
    }

    /** Of the host behind it, which may be there a moment later. */
    private static IOException unreachable(OutboundProxy.Server proxy, String why) {
        return new Failures.Told(sentence(proxy, why));
    }

    private static String why(int answer) {
        return switch (answer) {
            case 2 -> "its rules do not allow the connection";
            case 3, 4 -> "it cannot reach the host";
            case 5 -> "the host refused the connection";
            default -> "it answered code " + answer;
        };
    }

    private static ConnectGuard.Refused failed(OutboundProxy.Server proxy, String why) {
        return new ConnectGuard.Refused(sentence(proxy, why));
    }

    private static String sentence(OutboundProxy.Server proxy, String why) {
        return "the outbound SOCKS proxy " + proxy.host() + " did not connect: " + why;
    }
}
