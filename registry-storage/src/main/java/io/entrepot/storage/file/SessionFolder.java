package io.entrepot.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open sessions of a store. A session is listed here before its file is made, and until its file is gone. */
final class SessionFolder {
    private static final Logger log = LoggerFactory.getLogger(SessionFolder.class);

    private final Layout layout;
    private final BlobFiles files;
    private final FileStoreOptions options;
    private final SyncThreads threads;
    private final InstantSource clock;
    private final ConcurrentMap<UploadId, Session> sessions = new ConcurrentHashMap<>();
    private final IdleFiles idle = new IdleFiles();
    private final Object admission = new Object();

    @GuardedBy("admission")
    private boolean closed;

    SessionFolder(Layout layout, BlobFiles files, FileStoreOptions options, SyncThreads threads, InstantSource clock) {
        this.layout = layout;
        this.files = files;
        this.options = options;
        this.threads = threads;
        this.clock = clock;
    }

    /** A session that an earlier process left. */
    void found(Layout.Part part, BlobFiles.Entry entry) {
        sessions.put(part.id(), session(part, entry.size(), entry.modified()));
    }

    private Session session(Layout.Part part, long offset, Instant touched) {
        Path path = layout.part(part);
        WriteBehind behind = new WriteBehind(files, path, threads, options.syncEveryBytes());
        return new Session(part, path, files, idle, behind, offset, touched);
    }

    /** An earlier process made an object of this session, if there was one. */
    void lose(UploadId id) {
        Session session = sessions.get(id);
        if (session != null) {
            discard(session);
        }
    }

    boolean has(UploadId id) {
        return sessions.containsKey(id);
    }

    Session begin(String owner) throws IOException {
        Layout.Part part = new Layout.Part(UploadId.random(), owner);
        Session session = session(part, 0, clock.instant());
        Optional<Session> oneTooMany = admit(session);
        try {
            oneTooMany.ifPresent(this::endIdle);
            session.create();
            return session;
        } catch (IOException | RuntimeException e) {
            session.end();
            discard(session);
            throw e;
        } finally {
            session.release();
        }
    }

    /** Lists a session, which is held until its file is made. If it is one too many, the longest idle one is to be ended. */
    private Optional<Session> admit(Session fresh) {
        synchronized (admission) {
            if (closed) {
                throw Session.shuttingDown();
            }
            Optional<Session> idlest = sessions.size() < options.maxSessions() ? Optional.empty() : holdIdlest();
            fresh.holdIfIdle();
            sessions.put(fresh.id(), fresh);
            return idlest;
        }
    }

    /** @throws RegistryException.Unknown if there is none of this owner */
    Session find(UploadId id, String owner) {
        Session session = sessions.get(id);
        if (session == null || !session.owner().equals(owner)) {
            throw RegistryException.unknownUpload(id);
        }
        return session;
    }

    /** Forgets an ended session and removes its file; what cannot be removed now is left to the next sweep. */
    void discard(Session ended) {
        try {
            files.delete(ended.path());
        } catch (IOException e) {
            log.warn("The file of upload {} could not be deleted; the next sweep tries again", ended.id(), e);
        }
        sessions.remove(ended.id());
    }

    /** An ended session whose file has become an object. */
    void completed(Session ended) {
        sessions.remove(ended.id());
    }

    void sweep(Instant idleSince) {
        for (Session session : sessions.values()) {
            if (session.touched().isBefore(idleSince) && session.holdIfIdle()) {
                endIdle(session);
            }
        }
    }

    void close() {
        synchronized (admission) {
            closed = true;
        }
        sessions.values().forEach(Session::shut);
    }

    @GuardedBy("admission")
    private Optional<Session> holdIdlest() {
        return sessions.values().stream()
                .sorted(Comparator.comparing(Session::touched))
                .filter(Session::holdIfIdle)
                .findFirst();
    }

    private void endIdle(Session held) {
        held.end();
        held.release();
        discard(held);
    }
}
