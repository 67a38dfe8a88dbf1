package io.entrepot.storage.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of a blob store, checked and locked. A marker file tells a store from a folder whose disk is not mounted
 * and from everything else that an administrator may have pointed at.
 */
record StoreFolder(Path root, FolderLock lock) {
    static final String MARKER = "entrepot-blobs";
    private static final int FORMAT = 1;
    /** What may be in a folder that counts as empty; the first is what a fresh ext4 disk holds. */
    private static final Set<String> NOTHING = Set.of("lost+found", FolderLock.FILE, MARKER + ".new");

    private static final Set<String> NO_DISKS = Set.of("proc", "sys");

    /** Opens a store, and makes one first where nothing is. */
    static StoreFolder create(Path given) {
        Path root = requirePlace(given);
        try {
            Folders.make(root);
            root = requirePlace(root.toRealPath());
            if (!Files.exists(root.resolve(MARKER), NOFOLLOW_LINKS)) {
                requireEmpty(root);
            }
            return lock(root, true);
        } catch (IOException e) {
            throw new DataFolderException(
                    "The folder " + root + " cannot become a blob store (" + e
                            + "): give this user write access, or choose another folder",
                    e);
        }
    }

    /** Opens a store that must be there. */
    static StoreFolder open(Path given) {
        Path root = requirePlace(given);
        try {
            if (Files.isDirectory(root)) {
                root = requirePlace(root.toRealPath());
            }
            if (!Files.exists(root.resolve(MARKER), NOFOLLOW_LINKS)) {
                throw new DataFolderException(
                        "There is no blob store in " + root + " (no file " + MARKER
                                + "): is its disk mounted? If the store was moved, correct the path",
                        null);
            }
            return lock(root, false);
        } catch (IOException e) {
            throw new DataFolderException("The blob store in " + root + " cannot be opened: " + e, e);
        }
    }

    private static StoreFolder lock(Path root, boolean create) throws IOException {
        FolderLock lock = FolderLock.take(root);
        try {
            Path marker = root.resolve(MARKER);
            if (create && !Files.exists(marker, NOFOLLOW_LINKS)) {
                Folders.write(root, MARKER, FORMAT + "\n");
            }
            Folders.readFormat(marker, FORMAT);
            makeDirectories(new Layout(root));
            probe(new Layout(root));
            return new StoreFolder(root, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** All directories are made beforehand, so that no commit has to make one durable; here again, if that was cut short. */
    private static void makeDirectories(Layout layout) throws IOException {
        Set<Path> changed = new LinkedHashSet<>();
        for (Path directory : layout.directories()) {
            if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
                if (Files.exists(directory, NOFOLLOW_LINKS)) {
                    throw new DataFolderException(
                            directory
                                    + " is not a directory (a symbolic link is none): a blob store is one folder on one disk",
                            null);
                }
                Files.createDirectory(directory, DiskFiles.PRIVATE_DIRECTORY);
                changed.add(directory.getParent());
            }
        }
        for (Path directory : changed) {
            new DiskFiles(0).syncDirectory(directory);
        }
    }

    /** Does once what every commit does, so that a disk that cannot is found out at the start. */
    private static void probe(Layout layout) throws IOException {
        BlobFiles files = new DiskFiles(0);
        Path from = layout.uploads().resolve("probe");
        Path to = layout.blobs().resolve("probe");
        files.delete(from);
        try {
            files.create(from).close();
            files.rename(from, to);
        } catch (AtomicMoveNotSupportedException e) {
            throw new DataFolderException(
                    "The parts of the blob store in " + layout.root()
                            + " are on different disks: mount one disk on the whole folder",
                    e);
        } finally {
            files.delete(from);
            files.delete(to);
        }
    }

    private static void requireEmpty(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            Set<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !NOTHING.contains(name))
                    .limit(3)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!names.isEmpty()) {
                throw new DataFolderException(
                        "The folder " + root + " is not empty and holds no blob store (it has "
                                + String.join(", ", names) + "): choose an empty or a new folder",
                        null);
            }
        }
    }

    /** The absolute path, if a store may stand there. */
    private static Path requirePlace(Path given) {
        Path root = given.toAbsolutePath().normalize();
        Path above = root.getParent();
        if (above == null || NO_DISKS.contains(root.getName(0).toString())) {
            throw new DataFolderException(
                    "A blob store cannot stand in " + root + ": choose a folder of its own", null);
        }
        for (Path p = above; p != null; p = p.getParent()) {
            if (Files.exists(p.resolve(MARKER), NOFOLLOW_LINKS)) {
                throw new DataFolderException(
                        root + " is inside the blob store " + p + ": choose a folder outside of it", null);
            }
        }
        return root;
    }
}
