package io.entrepot.core.memory;

import io.entrepot.core.Blob;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A blob store in memory. Everything that {@link BlobStore} promises but durability: what is in it goes with it. Answers
 * within {@link Reach#MEMORY}. Takes up to a limit of bytes, sessions included, and says so then instead of failing with
 * the whole virtual machine.
 */
public final class MemoryBlobStore implements BlobStore {
    private static final int DEFAULT_MAX_SESSIONS = 1_000;

    private final InstantSource clock;
    private final long limitBytes;
    private final int maxSessions;
    private final AtomicLong used = new AtomicLong();
    private final Map<UploadId, MemorySession> sessions = new ConcurrentHashMap<>();
    private final Map<BlobKey, Chunks> objects = new ConcurrentHashMap<>();
    /** When objects were committed that were not settled yet. */
    private final Map<BlobKey, Instant> unsettled = new ConcurrentHashMap<>();

    /** Takes up to half of what the virtual machine may have. */
    public MemoryBlobStore() {
        this(InstantSource.system());
    }

    public MemoryBlobStore(InstantSource clock) {
        this(clock, Runtime.getRuntime().maxMemory() / 2, DEFAULT_MAX_SESSIONS);
    }

    public MemoryBlobStore(InstantSource clock, long limitBytes, int maxSessions) {
        if (limitBytes < 1 || maxSessions < 1) {
            throw new IllegalArgumentException("a store holds at least a byte and a session");
        }
        this.clock = clock;
        this.limitBytes = limitBytes;
        this.maxSessions = maxSessions;
    }

    @Override
    public synchronized BlobWriter begin(String owner, UploadHints hints) {
        if (limitBytes - used.get() < hints.size().orElse(1)) {
            throw full();
        }
        while (sessions.size() >= maxSessions) {
            sessions.values().stream()
                    .min(Comparator.comparing(MemorySession::touched))
                    .ifPresent(MemorySession::end);
        }
        MemorySession session = new MemorySession(this, UploadId.random(), owner, now());
        sessions.put(session.id(), session);
        return session.takeOver();
    }

    @Override
    public BlobWriter resume(UploadId id, String owner) {
        return session(id, owner).takeOver();
    }

    @Override
    public UploadStatus status(UploadId id, String owner) {
        return new UploadStatus(id, session(id, owner).offset());
    }

    private MemorySession session(UploadId id, String owner) {
        MemorySession session = sessions.get(id);
        if (session == null || !session.owner().equals(owner)) {
            throw RegistryException.unknownUpload(id);
        }
        return session;
    }

    @Override
    public Blob open(StoredBlob blob, Reach reach) {
        Chunks bytes = objects.get(blob.key());
        if (bytes == null || bytes.size() != blob.size()) {
            throw RegistryException.storage("the bytes of blob " + blob.digest() + " cannot be read", null);
        }
        return new MemoryBlob(blob.digest(), bytes);
    }

    @Override
    public boolean holds(StoredBlob blob) {
        Chunks bytes = objects.get(blob.key());
        return bytes != null && bytes.size() == blob.size();
    }

    @Override
    public void delete(BlobKey key) {
        Chunks bytes = objects.remove(key);
        if (bytes != null) {
            release(bytes.size());
        }
        unsettled.remove(key);
    }

    @Override
    public void settle(BlobKey key) {
        unsettled.remove(key);
    }

    @Override
    public void sweep(Instant idleSince, Predicate<BlobKey> known) {
        sessions.values().forEach(session -> session.endIfIdle(idleSince));
        unsettled.forEach((key, committed) -> {
            if (!committed.isBefore(idleSince)) {
                return;
            }
            if (known.test(key)) {
                settle(key);
            } else {
                delete(key);
            }
        });
    }

    @Override
    public void close() {
        sessions.values().forEach(MemorySession::endWriter);
    }

    /** How many bytes are held, for objects and sessions. */
    public long usedBytes() {
        return used.get();
    }

    /** Every object, with a row or without: what a test asks that wants to see that nothing was left behind. */
    public List<BlobKey> objects() {
        return List.copyOf(objects.keySet());
    }

    Instant now() {
        return clock.instant();
    }

    void reserve(long bytes) {
        if (used.addAndGet(bytes) > limitBytes) {
            release(bytes);
            throw full();
        }
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    void ended(MemorySession session) {
        sessions.remove(session.id());
    }

    void committed(MemorySession session, BlobKey key, Chunks bytes) {
        unsettled.put(key, now());
        objects.put(key, bytes);
        ended(session);
    }

    private RegistryException full() {
        return new RegistryException.InsufficientStorage(
                "this registry keeps everything in memory, at most " + limitBytes + " bytes: delete something", null);
    }
}
