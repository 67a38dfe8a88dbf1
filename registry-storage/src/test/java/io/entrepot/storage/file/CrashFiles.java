package io.entrepot.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A file system in memory that remembers every change and every sync, and can say what a power cut at any moment could
 * leave: what was synced, and any part of the rest. A rename is atomic and durable with either of its directories.
 */
final class CrashFiles implements BlobFiles {

    /** A change of one file's content or of one name. */
    interface Change {
        /** Whether a sync of this file or directory makes it durable. */
        boolean isOf(Object synced);

        void apply(Map<Path, Inode> names, Map<Inode, byte[]> contents);
    }

    /** What a file is, whatever its names. */
    static final class Inode {
        private final Instant made;

        Inode(Instant made) {
            this.made = made;
        }
    }

    private record Event(Change change, Object sync) {}

    private static final Object NONE = new Object();

    private final InstantSource clock;
    private final List<Event> events = new ArrayList<>();
    private final Map<Path, Inode> names = new TreeMap<>();
    private final Map<Inode, byte[]> contents = new HashMap<>();
    private volatile long usable = Long.MAX_VALUE;

    CrashFiles(InstantSource clock) {
        this.clock = clock;
    }

    void usable(long bytes) {
        usable = bytes;
    }

    /** How much has happened so far. */
    synchronized int moment() {
        return events.size();
    }

    synchronized Map<Path, byte[]> files() {
        Map<Path, byte[]> files = new TreeMap<>();
        names.forEach((path, inode) -> files.put(path, content(inode)));
        return files;
    }

    /** The changes until then that no sync had made durable. */
    synchronized List<Change> unsynced(int moment) {
        Set<Change> open = new LinkedHashSet<>();
        for (Event event : events.subList(0, moment)) {
            if (event.sync == NONE) {
                open.add(event.change);
            } else {
                open.removeIf(change -> change.isOf(event.sync));
            }
        }
        return List.copyOf(open);
    }

    /** The disk after a power cut at that moment, if of the unsynced changes those with set bits got to it. */
    synchronized CrashFiles after(int moment, List<Change> unsynced, BitSet survivors) {
        Set<Change> lost = new HashSet<>();
        for (int i = survivors.nextClearBit(0); i < unsynced.size(); i = survivors.nextClearBit(i + 1)) {
            lost.add(unsynced.get(i));
        }
        CrashFiles disk = new CrashFiles(clock);
        for (Event event : events.subList(0, moment)) {
            if (event.sync == NONE && !lost.contains(event.change)) {
                event.change.apply(disk.names, disk.contents);
            }
        }
        return disk;
    }

    private synchronized void change(Change change) {
        events.add(new Event(change, NONE));
        change.apply(names, contents);
    }

    private synchronized void synced(Object what) {
        events.add(new Event(new Name(Path.of("none"), Path.of("none"), new Inode(clock.instant())), what));
    }

    private byte[] content(Inode inode) {
        return contents.getOrDefault(inode, new byte[0]);
    }

    private Inode find(Path file) throws NoSuchFileException {
        Inode inode = names.get(file);
        if (inode == null) {
            throw new NoSuchFileException(file.toString());
        }
        return inode;
    }

    /** A file gets a name ({@code from} and {@code to} are equal), another name, or none ({@code to} is empty). */
    private record Name(Path from, Path to, Inode inode) implements Change {
        @Override
        public boolean isOf(Object synced) {
            return synced.equals(from.getParent()) || synced.equals(to.getParent());
        }

        @Override
        public void apply(Map<Path, Inode> names, Map<Inode, byte[]> contents) {
            names.remove(from);
            if (!to.toString().isEmpty()) {
                names.put(to, inode);
            }
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Bytes are written, or none and the file is cut off there. */
    private record Content(Inode inode, long at, byte[] bytes, boolean cut) implements Change {
        @Override
        public boolean isOf(Object synced) {
            return synced == inode;
        }

        @Override
        public void apply(Map<Path, Inode> names, Map<Inode, byte[]> contents) {
            byte[] before = contents.getOrDefault(inode, new byte[0]);
            int end = (int) at + bytes.length;
            byte[] after = Arrays.copyOf(before, cut ? Math.min(end, before.length) : Math.max(end, before.length));
            System.arraycopy(bytes, 0, after, (int) at, bytes.length);
            contents.put(inode, after);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    @Override
    public synchronized Output create(Path file) throws IOException {
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Inode inode = new Inode(clock.instant());
        change(new Name(file, file, inode));
        return new Open(inode);
    }

    @Override
    public synchronized Output reopen(Path file) throws IOException {
        return new Open(find(file));
    }

    @Override
    public synchronized FileChannel read(Path file) throws IOException {
        Inode inode = find(file);
        return new LiveChannel(() -> {
            synchronized (this) {
                return content(inode);
            }
        });
    }

    @Override
    public synchronized boolean exists(Path file) {
        return names.containsKey(file);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        change(new Name(from, to, find(from)));
    }

    @Override
    public synchronized void delete(Path file) {
        Inode inode = names.get(file);
        if (inode != null) {
            change(new Name(file, Path.of(""), inode));
        }
    }

    @Override
    public void syncDirectory(Path directory) {
        synced(directory);
    }

    @Override
    public synchronized List<Entry> list(Path directory) {
        return names.entrySet().stream()
                .filter(file -> directory.equals(file.getKey().getParent()))
                .map(file -> new Entry(
                        file.getKey().getFileName().toString(), content(file.getValue()).length, file.getValue().made))
                .toList();
    }

    @Override
    public long usableSpace(Path path) {
        return usable;
    }

    @Override
    public void close() {
        // Nothing was kept open.
    }

    private final class Open implements Output {
        private final Inode inode;

        Open(Inode inode) {
            this.inode = inode;
        }

        @Override
        public int write(ByteBuffer bytes, long at) {
            byte[] taken = new byte[bytes.remaining()];
            bytes.get(taken);
            change(new Content(inode, at, taken, false));
            return taken.length;
        }

        @Override
        public long size() {
            synchronized (CrashFiles.this) {
                return content(inode).length;
            }
        }

        @Override
        public void truncate(long size) {
            change(new Content(inode, size, new byte[0], true));
        }

        @Override
        public void sync() {
            synced(inode);
        }

        @Override
        public void close() {
            // Closing makes nothing durable.
        }
    }
}
