package io.entrepot.server.http;

import io.undertow.server.HttpHandler;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Something that is served: where, by which methods, and what it asks of those who come.
 *
 * @param path as it is sent, nothing decoded
 * @param tree whether it holds for everything beneath the path, too
 * @param need what the handler asks for, or had asked by {@link Reception#route}
 */
public record Route(String path, boolean tree, Set<String> methods, Need need, HttpHandler handler) {
    public static final Set<String> READ = Set.of("GET", "HEAD");

    public Route {
        methods = Set.copyOf(methods);
    }

    /** For one path, and for everybody. */
    public static Route free(String path, Set<String> methods, HttpHandler handler) {
        return new Route(path, false, methods, Need.NOTHING, handler);
    }

    /** Bytes for everybody, as they are at the moment. */
    public static Route bytes(String path, String contentType, Supplier<byte[]> bytes) {
        return free(path, READ, exchange -> Answers.bytes(exchange, 200, contentType, ByteBuffer.wrap(bytes.get())));
    }

    boolean leadsTo(String target) {
        return target.startsWith(path)
                && (target.length() == path.length() || tree && target.charAt(path.length()) == '/');
    }
}
