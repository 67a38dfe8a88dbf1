package io.entrepot.storage.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Every call that the blob store makes to a file system, so that tests can fail each of them and can ask what a power cut
 * would have left after each. What is written, created, renamed or deleted is durable only after the sync that names it.
 * What is open for the next sync is closed with it; the files are not, they belong to who opened them.
 */
interface BlobFiles extends Closeable {

    /** A regular file as a directory lists it. */
    record Entry(String name, long size, Instant modified) {}

    /** A file open for writing; belongs to one user at a time. */
    interface Output extends Closeable {
        /** Writes some of the bytes at a place of the file, and says how many. */
        int write(ByteBuffer bytes, long at) throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        /** Makes all content of the file durable, whoever wrote it, but not its name. */
        void sync() throws IOException;
    }

    /** Makes a new file that only its owner may read. */
    Output create(Path file) throws IOException;

    /** Opens a file that exists; a symbolic link is none. */
    Output reopen(Path file) throws IOException;

    /** Opens a file for reading; a symbolic link is none. */
    FileChannel read(Path file) throws IOException;

    boolean exists(Path file) throws IOException;

    /** Gives a file another name in the same file system, at once or not at all. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file; one that is missing is removed already. */
    void delete(Path file) throws IOException;

    /** Makes durable which names a directory holds. */
    void syncDirectory(Path directory) throws IOException;

    /** The regular files of a directory. */
    List<Entry> list(Path directory) throws IOException;

    /** How many bytes can still be written beside this path. */
    long usableSpace(Path path) throws IOException;
}
