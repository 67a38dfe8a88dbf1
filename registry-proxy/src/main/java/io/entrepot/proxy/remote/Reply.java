package io.entrepot.proxy.remote;

import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;

/** The answer to an {@link Outgoing} request, its body not yet read. Belongs to one thread, which closes it. */
interface Reply extends AutoCloseable {
    int status();

    /** All headers of that name, joined by {@code ", "}; empty if there is none. */
    String header(String name);

    List<String> headers(String name);

    /** {@code Content-Length}, if the body is of known length. */
    OptionalLong length();

    /** Where it came from at last. Its query may be a credential: for resolving links, never for a log. */
    URI from();

    /**
     * The body, as it was sent. Reading throws an {@link java.io.IOException} if it ends too early, or stalls.
     */
    InputStream body();

    /**
     * All of the body.
     *
     * @throws io.entrepot.core.RegistryException.Unavailable if it is longer than {@code limit} bytes, or breaks off
     */
    byte[] bytes(int limit);

    @Override
    void close();
}
