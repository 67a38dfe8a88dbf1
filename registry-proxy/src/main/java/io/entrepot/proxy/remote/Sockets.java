package io.entrepot.proxy.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/** Makes sockets that send at once (OkHttp's would wait for more), and that do something of ours when they connect. */
final class Sockets extends SocketFactory {
    /** How a socket comes to be connected to where OkHttp wants it. */
    interface Connect {
        void connect(Dialed socket, InetSocketAddress target, int timeoutMillis) throws IOException;
    }

    private final Connect connect;

    Sockets(Connect connect) {
        this.connect = connect;
    }

    /** A socket whose way to its target is decided by its {@link Connect}. */
    static final class Dialed extends Socket {
        private final Connect connect;

        private Dialed(Connect connect) {
            this.connect = connect;
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            setTcpNoDelay(true);
            setKeepAlive(true);
            if (!(endpoint instanceof InetSocketAddress target)) {
                throw new IOException("not an address of the internet");
            }
            connect.connect(this, target, timeout);
        }

        void direct(InetSocketAddress target, int timeout) throws IOException {
            super.connect(target, timeout);
        }
    }

    @Override
    public Socket createSocket() {
        return new Dialed(connect);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port), 0);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws UnknownHostException {
        throw new UnknownHostException("sockets are not bound to a local address");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw new IOException("sockets are not bound to a local address");
    }
}
