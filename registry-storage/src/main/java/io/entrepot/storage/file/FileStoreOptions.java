package io.entrepot.storage.file;

/**
 * How a file blob store behaves.
 *
 * @param reserveBytes free space that uploads leave alone, for the database and for deleting
 * @param maxSessions how many uploads may be open; one more ends the longest idle one
 * @param syncEveryBytes how much of a growing upload may be unsynced before that is begun behind its back, so that
 *     little is left to do when it is committed
 */
public record FileStoreOptions(long reserveBytes, int maxSessions, long syncEveryBytes) {
    public static final FileStoreOptions DEFAULT = new FileStoreOptions(64L << 20, 10_000, 16L << 20);

    public FileStoreOptions {
        if (reserveBytes < 0 || maxSessions < 1 || syncEveryBytes < 1) {
            throw new IllegalArgumentException("not options of a blob store: " + reserveBytes + " bytes of reserve, "
                    + maxSessions + " sessions, a sync every " + syncEveryBytes + " bytes");
        }
    }

    public FileStoreOptions withReserve(long bytes) {
        return new FileStoreOptions(bytes, maxSessions, syncEveryBytes);
    }

    public FileStoreOptions withMaxSessions(int sessions) {
        return new FileStoreOptions(reserveBytes, sessions, syncEveryBytes);
    }

    public FileStoreOptions withSyncEvery(long bytes) {
        return new FileStoreOptions(reserveBytes, maxSessions, bytes);
    }
}
