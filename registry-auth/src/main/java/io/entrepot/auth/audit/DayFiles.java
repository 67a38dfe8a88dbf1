package io.entrepot.auth.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files of the log, one for each day (UTC), readable by their owner only. One thread appends, and any may list them. */
final class DayFiles {
    private static final String PREFIX = "audit-";
    private static final String SUFFIX = ".jsonl";

    private final Path folder;
    private final int days;
    private LocalDate day = LocalDate.EPOCH;
    private @Nullable FileChannel open;
    /** Of the open file: whole lines. */
    private long size;

    DayFiles(Path folder, int days) {
        this.folder = folder;
        this.days = days;
    }

    /** Newest first; none if there is no folder. */
    static List<Path> newestFirst(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path file : all) {
                if (day(file).isPresent()) {
                    found.add(file);
                }
            }
        }
        found.sort(Comparator.comparing(Path::getFileName).reversed());
        return found;
    }

    private static Optional<LocalDate> day(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            return Optional.of(LocalDate.parse(name.substring(PREFIX.length(), name.length() - SUFFIX.length())));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** How long the file of this day is; what is appended next goes there. */
    long turnTo(LocalDate today) throws IOException {
        FileChannel current = open;
        if (current != null && day.equals(today)) {
            return size;
        }
        close();
        Files.createDirectories(folder, ownerOnly("rwx------"));
        FileChannel fresh = FileChannel.open(
                folder.resolve(PREFIX + today + SUFFIX),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                ownerOnly("rw-------"));
        try {
            size = endOfWholeLines(fresh);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        open = fresh;
        day = today;
        deleteOlderThan(today.minusDays(days));
        return size;
    }

    /** All of it, or, if this throws, none of it as far as readers are concerned. */
    void append(String lines, boolean sync) throws IOException {
        FileChannel channel = open;
        if (channel == null) {
            throw new IOException("no day was turned to");
        }
        ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(UTF_8));
        int length = bytes.remaining();
        channel.position(size);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (sync) {
                channel.force(false);
            }
        } catch (IOException e) {
            channel.truncate(size);
            throw e;
        }
        size += length;
    }

    void close() throws IOException {
        FileChannel channel = open;
        open = null;
        if (channel != null) {
            try (channel) {
                channel.force(false);
            }
        }
    }

    /** After what a crash left of a line, a new one is begun. */
    private static long endOfWholeLines(FileChannel file) throws IOException {
        long end = file.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        if (end == 0 || file.read(last, end - 1) < 1 || last.get(0) == '\n') {
            return end;
        }
        return end + file.write(ByteBuffer.wrap(new byte[] {'\n'}), end);
    }

    private void deleteOlderThan(LocalDate oldest) throws IOException {
        for (Path file : newestFirst(folder)) {
            if (day(file).filter(oldest::isAfter).isPresent()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
