package io.entrepot.auth.token;

import java.util.List;

/** What a connector has behind it, as far as it matters to whoever asks for a token there. */
public interface TokenDesk {
    /**
     * Where a name that a client may put into a scope leads to. It may be anything that was sent: no repository's name, one
     * with a host and port before it, or with a registry's name. More than one place if it is only decided by a later
     * request where it leads; none if nowhere.
     */
    List<Place> places(String name);

    /** Whether anybody gets a token, be it one that is good for nothing. */
    boolean anonymous();
}
