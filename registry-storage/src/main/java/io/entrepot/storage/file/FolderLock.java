package io.entrepot.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A folder is ours alone as long as this is open. The system ends it with the process, however that ends. */
final class FolderLock implements AutoCloseable {
    static final String FILE = "LOCK";

    /**
     * Static, because the locks themselves belong to the whole process: POSIX drops one as soon as any descriptor of its
     * file is closed, so whoever is second in this process must not even open the file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** @param folder its real path */
    static FolderLock take(Path folder) {
        if (!HELD.add(folder)) {
            throw used("This process uses the folder " + folder + " already");
        }
        try {
            return new FolderLock(folder, lock(folder));
        } catch (RuntimeException e) {
            HELD.remove(folder);
            throw e;
        }
    }

    private static FileChannel lock(Path folder) {
        try {
            FileChannel channel = FileChannel.open(
                    folder.resolve(FILE),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    DiskFiles.PRIVATE_FILE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                throw used("This process uses the folder " + folder + " already");
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            channel.close();
            throw used("Another process uses the folder " + folder);
        } catch (IOException e) {
            throw new DataFolderException(
                    "The folder " + folder + " cannot be locked (" + e
                            + "): its disk must be writable by this user and must support file locks",
                    e);
        }
    }

    private static DataFolderException used(String what) {
        return new FolderInUseException(what + ": stop that server first, or choose another folder");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new DataFolderException("The lock of " + folder + " could not be released: " + e, e);
        } finally {
            HELD.remove(folder);
        }
    }
}
