package io.entrepot.proxy.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP server on a port of 127.0.0.1 that remembers every request, answers truthfully, and plays what rules tell it to.
 * HTTP is written by hand, so that everything can be wrong with it; each connection has a thread. Safe for all threads.
 */
public abstract class ScriptedServer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Optional<SSLContext> tls;
    private final List<Exchange> exchanges = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Map<Socket, Thread> connections = new HashMap<>();
    private final List<RuntimeException> failures = new ArrayList<>();
    private ServerSocket listening;
    private final int port;
    private int opened;
    private int mostBodies;
    private volatile long bytesPerSecond;
    private volatile boolean certificatesDemanded;

    private static final class Rule {
        final Match match;
        final Fault fault;
        int left;

        Rule(Match match, Fault fault, int left) {
            this.match = match;
            this.fault = fault;
            this.left = left;
        }
    }

    ScriptedServer(Optional<SSLContext> tls) {
        this.tls = tls;
        listening = listen(0);
        port = listening.getLocalPort();
    }

    /** What is true. Called on many threads. */
    abstract Answer truth(Exchange request);

    // Where it is

    public final URI root() {
        return URI.create(url(""));
    }

    /** @param path begins with a slash, or is empty */
    public final String url(String path) {
        return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port + path;
    }

    public final int port() {
        return port;
    }

    // What it shall do

    /** To every request that matches. The first rule that matches and is not used up is played, and no other. */
    public final ScriptedServer on(Match match, Fault fault) {
        return on(match, Integer.MAX_VALUE, fault);
    }

    /** To the first {@code times} requests that match. */
    public final synchronized ScriptedServer on(Match match, int times, Fault fault) {
        rules.add(new Rule(match, fault, times));
        return this;
    }

    /** Truthful again. */
    public final synchronized void forgetRules() {
        rules.clear();
    }

    /** What each connection gives of bodies; 0 is no limit. */
    public final void limit(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /** From now on nobody is let in who does not show a certificate that its TLS trusts. */
    public final void demandCertificates() {
        certificatesDemanded = true;
    }

    // What it has seen

    public final synchronized List<Exchange> requests() {
        return List.copyOf(exchanges);
    }

    /** By a part of path or query. */
    public final List<Exchange> requests(String method, String part) {
        return requests().stream().filter(e -> e.is(method, part)).toList();
    }

    public final int count(String method, String part) {
        return requests(method, part).size();
    }

    public final synchronized void forgetRequests() {
        exchanges.clear();
    }

    /** How many connections were opened to it since it began. */
    public final synchronized int connectionsOpened() {
        return opened;
    }

    /** How many bodies of GET requests were on their way at once, at the most. */
    public final synchronized int mostBodiesAtOnce() {
        return mostBodies;
    }

    /** Returns as soon as so many such requests have come. */
    public final synchronized void await(int requests, String method, String part) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (exchanges.stream().filter(e -> e.is(method, part)).count() < requests) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("never got " + requests + " times " + method + " " + part + ": " + exchanges);
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for requests", e);
            }
        }
    }

    // Life

    /** Ends all connections and refuses new ones. */
    public final void stop() {
        List<Thread> threads;
        synchronized (this) {
            quietly(listening::close);
            threads = List.copyOf(connections.values());
            threads.forEach(Thread::interrupt);
            List.copyOf(connections.keySet()).forEach(socket -> quietly(socket::close));
        }
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the same port again, after {@link #stop}. */
    public final synchronized void start() {
        listening = listen(port);
    }

    /** Ends all connections that are open now. */
    public final synchronized void dropConnections() {
        List.copyOf(connections.keySet()).forEach(socket -> quietly(socket::close));
    }

    /** @throws AssertionError if it failed in a way that no rule asked for */
    @Override
    public final void close() {
        stop();
        synchronized (this) {
            if (!failures.isEmpty()) {
                throw new AssertionError("the scripted server itself failed", failures.get(0));
            }
        }
    }

    private ServerSocket listen(int onPort) {
        try {
            ServerSocket socket =
                    tls.isPresent() ? tls.get().getServerSocketFactory().createServerSocket() : new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), onPort), 500);
            thread("accept", () -> accept(socket)).start();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Thread thread(String what, Runnable job) {
        Thread thread = new Thread(job, getClass().getSimpleName() + " " + what);
        thread.setDaemon(true);
        return thread;
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket socket = from.accept();
                synchronized (this) {
                    if (from.isClosed()) {
                        quietly(socket::close);
                        return;
                    }
                    int number = ++opened;
                    Thread thread = thread("connection " + number, () -> serve(socket, number));
                    connections.put(socket, thread);
                    thread.start();
                }
            }
        } catch (IOException e) {
            // Stopped.
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            socket.setTcpNoDelay(true);
            if (socket instanceof SSLSocket secure) {
                secure.setNeedClientAuth(certificatesDemanded);
            }
            InputStream in = new BufferedInputStream(socket.getInputStream());
            RequestReader requests = new RequestReader(in, socket.getOutputStream(), number);
            boolean open = true;
            while (open) {
                Optional<Exchange> request = requests.next();
                open = request.isPresent() && answer(socket, request.get());
            }
        } catch (IOException | AnswerWriter.Stopped e) {
            // The client has gone, or the server was stopped.
        } catch (RuntimeException e) {
            synchronized (this) {
                failures.add(e);
            }
        } finally {
            synchronized (this) {
                connections.remove(socket);
            }
        }
    }

    private boolean answer(Socket socket, Exchange request) throws IOException {
        Optional<Fault> fault = received(request);
        try {
            Answer answer = truth(request);
            fault.ifPresent(f -> f.play(request, answer));
            return new AnswerWriter(socket, bytesPerSecond).write(request, answer);
        } finally {
            ended(request);
        }
    }

    private synchronized Optional<Fault> received(Exchange request) {
        exchanges.add(request);
        int bodies = (int) exchanges.stream()
                .filter(e -> e.method().equals("GET") && !e.finished())
                .count();
        mostBodies = Math.max(mostBodies, bodies);
        notifyAll();
        for (Rule rule : rules) {
            if (rule.left > 0 && rule.match.matches(request)) {
                rule.left--;
                return Optional.of(rule.fault);
            }
        }
        return Optional.empty();
    }

    private synchronized void ended(Exchange request) {
        request.end();
        notifyAll();
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void quietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException e) {
            // It is being ended anyway.
        }
    }
}
