package io.entrepot.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions that nobody is writing to and whose files are open all the same, so that their next requests find them
 * so. There are few of them: one too many, and the longest idle one gives way.
 */
final class IdleFiles {
    static final int MOST = 64;

    /** In the order in which they were left. */
    @GuardedBy("this")
    private final Set<Session> sessions = new LinkedHashSet<>();

    /** The session was left with its file open. Answers which other one's file is to be closed for that. */
    synchronized Optional<Session> add(Session left) {
        sessions.add(left);
        if (sessions.size() <= MOST) {
            return Optional.empty();
        }
        Session longest = sessions.iterator().next();
        sessions.remove(longest);
        return Optional.of(longest);
    }

    /** The session has a writer again, or is over. */
    synchronized void remove(Session session) {
        sessions.remove(session);
    }
}
