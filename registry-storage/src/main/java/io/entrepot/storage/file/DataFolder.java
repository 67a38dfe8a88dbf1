package io.entrepot.storage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * The folder in which one server keeps its data, locked against every other process and against a second server in this
 * one until it is closed.
 */
public final class DataFolder implements AutoCloseable {
    private static final int FORMAT = 1;
    /** SQLite's log needs memory shared between its readers, which these do not give. */
    private static final Set<String> NETWORKED = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "ceph",
            "fuse.sshfs",
            "fuse.ceph",
            "afs",
            "9p",
            "glusterfs",
            "fuse.glusterfs",
            "lustre",
            "davfs",
            "webdav",
            "afpfs");

    private final Path path;
    private final FolderLock lock;
    private final boolean fresh;

    private DataFolder(Path path, FolderLock lock, boolean fresh) {
        this.path = path;
        this.lock = lock;
        this.fresh = fresh;
    }

    /**
     * Opens a data folder, and makes it first if there is none.
     *
     * @throws DataFolderException with a sentence that says what to do: it is used, or was written by a newer version, or
     *     its disk is read-only or a network's
     */
    public static DataFolder open(Path given) {
        Path path = given.toAbsolutePath().normalize();
        try {
            if (path.getParent() == null) {
                throw new DataFolderException(
                        "The data folder cannot be " + path + " itself: choose a folder of its own", null);
            }
            Folders.make(path);
            path = path.toRealPath();
            requireLocal(path);
        } catch (IOException e) {
            throw new DataFolderException(
                    "The data folder " + path + " cannot be made or read (" + e
                            + "): give this user write access, or choose another folder",
                    e);
        }
        FolderLock lock = FolderLock.take(path);
        try {
            Path format = path.resolve("format");
            boolean fresh = !Files.exists(format);
            if (!fresh) {
                Folders.readFormat(format, FORMAT);
            }
            return new DataFolder(path, lock, fresh);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireLocal(Path path) throws IOException {
        String type = Files.getFileStore(path).type().toLowerCase(Locale.ROOT);
        if (NETWORKED.contains(type)) {
            throw new DataFolderException(
                    "The data folder " + path + " is on a network file system (" + type
                            + "), on which the database is not safe: put it on a local disk; blob stores may stay there",
                    null);
        }
    }

    public Path path() {
        return path;
    }

    /** The folder of the first blob store. */
    public Path blobs() {
        return path.resolve("blobs");
    }

    /** The file of the embedded database. */
    public Path database() {
        return path.resolve("entrepot.db");
    }

    /**
     * Whether this is a first start, or one after a first start that was cut short: what is missing may be made. Otherwise
     * a store that is missing is a fault.
     */
    public boolean isNew() {
        return fresh;
    }

    /** To be called when all stores of a new folder are made: from the next start on it is not new. */
    public void establish() {
        if (fresh) {
            try {
                Folders.write(path, "format", FORMAT + "\n");
            } catch (IOException e) {
                throw new DataFolderException("The data folder " + path + " cannot be written (" + e + ")", e);
            }
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
