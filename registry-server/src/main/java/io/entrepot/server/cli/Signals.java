package io.entrepot.server.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for SIGTERM or SIGINT. A shutdown hook would do less: the process would end with 143 and a second signal would
 * be ignored. {@code sun.misc.Signal} is in every JDK, but naming it draws a warning that cannot be switched off.
 */
final class Signals {
    static final int INT = 2;
    private static final int SIGNALLED = 128;
    private final CompletableFuture<Integer> first = new CompletableFuture<>();

    /** Takes over both signals. The second one ends the process at once. */
    void handle() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, react(signal));
            for (String name : new String[] {"TERM", "INT"}) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no signals on this JDK", e);
        }
    }

    private InvocationHandler react(Class<?> signal) {
        return (proxy, method, arguments) -> {
            if (method.getName().equals("handle") && arguments != null) {
                int number = (int) signal.getMethod("getNumber").invoke(arguments[0]);
                if (!first.complete(number)) {
                    Runtime.getRuntime().halt(SIGNALLED + number);
                }
            }
            return null;
        };
    }

    /** Blocks until the first one. */
    int await() {
        return first.join();
    }
}
