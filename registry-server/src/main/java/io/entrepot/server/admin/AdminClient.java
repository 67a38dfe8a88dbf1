package io.entrepot.server.admin;

import java.io.IOException;

/** Somebody who administers a server, wherever it runs, if it runs at all. Used by one thread. */
public interface AdminClient extends AutoCloseable {
    /**
     * Asks, and waits for the answer, whatever it is.
     *
     * @param target path and query below {@code /api/v1}, encoded as in a URL
     * @param body JSON, or nothing if empty
     * @throws IOException if the server cannot be reached
     */
    Answer ask(String method, String target, String body) throws IOException;

    @Override
    void close();
}
