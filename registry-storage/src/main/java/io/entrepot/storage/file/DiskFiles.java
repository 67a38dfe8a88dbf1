package io.entrepot.storage.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The real file system. */
final class DiskFiles implements BlobFiles {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    /** For new files: nobody but the owner, where the file system can say that. */
    static final FileAttribute<?>[] PRIVATE_FILE = privately("rw-------");
    /** For new directories. */
    static final FileAttribute<?>[] PRIVATE_DIRECTORY = privately("rwx------");

    private final OpenDirectories directories;

    /** @param openDirectories how many of the directories that were synced stay open for the next time */
    DiskFiles(int openDirectories) {
        this.directories = new OpenDirectories(openDirectories);
    }

    private static FileAttribute<?>[] privately(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public Output create(Path file) throws IOException {
        return new Channel(
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE));
    }

    @Override
    public Output reopen(Path file) throws IOException {
        return new Channel(FileChannel.open(file, StandardOpenOption.WRITE, NOFOLLOW_LINKS));
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, NOFOLLOW_LINKS);
    }

    @Override
    public boolean exists(Path file) {
        return Files.exists(file, NOFOLLOW_LINKS);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (!POSIX) {
            // Windows cannot open a directory for this; NTFS keeps its names in a journal.
            return;
        }
        directories.sync(directory);
    }

    @Override
    public List<Entry> list(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                BasicFileAttributes found;
                try {
                    found = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
                } catch (NoSuchFileException e) {
                    // Deleted since the directory was read.
                    continue;
                }
                if (found.isRegularFile()) {
                    entries.add(new Entry(
                            file.getFileName().toString(),
                            found.size(),
                            found.lastModifiedTime().toInstant()));
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    @Override
    public long usableSpace(Path path) throws IOException {
        return Files.getFileStore(path).getUsableSpace();
    }

    @Override
    public void close() throws IOException {
        directories.close();
    }

    /** One channel, never shared between threads at a time: interrupting its user closes it. */
    private record Channel(FileChannel channel) implements Output {
        @Override
        public int write(ByteBuffer bytes, long at) throws IOException {
            return channel.write(bytes, at);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
