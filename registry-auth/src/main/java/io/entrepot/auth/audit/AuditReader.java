package io.entrepot.auth.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Reads the audit log from its end, also while it is written, and also where no server runs. */
public final class AuditReader {
    /** How many entries are answered at most. */
    public static final int MAX = 10_000;

    private static final int BLOCK = 64 << 10;
    /** Longer than any line of ours. */
    private static final int MAX_LINE = 1 << 20;

    private final Path folder;

    public AuditReader(Path folder) {
        this.folder = folder;
    }

    /**
     * The newest entries, the newest first.
     *
     * @param limit how many at most; more than {@value #MAX} is taken as that
     * @param from none before this
     * @param until none at or after this
     */
    public List<AuditEntry> last(int limit, Instant from, Instant until, Predicate<AuditEntry> wanted)
            throws IOException {
        Search search = new Search(Math.min(limit, MAX), from, until, wanted);
        for (Path file : DayFiles.newestFirst(folder)) {
            if (search.isOver()) {
                break;
            }
            try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
                backwards(open, search);
            } catch (NoSuchFileException e) {
                // Its days are over: it was deleted since the folder was listed.
            }
        }
        return search.found;
    }

    /** What is looked for, and what was found. */
    private static final class Search {
        private final int limit;
        private final Instant from;
        private final Instant until;
        private final Predicate<AuditEntry> wanted;
        private final List<AuditEntry> found = new ArrayList<>();
        private boolean over;

        private Search(int limit, Instant from, Instant until, Predicate<AuditEntry> wanted) {
            this.limit = limit;
            this.from = from;
            this.until = until;
            this.wanted = wanted;
        }

        private boolean isOver() {
            return over || found.size() >= limit;
        }

        private void see(byte[] line) {
            AuditEntry.parse(new String(line, UTF_8)).ifPresent(entry -> {
                // Lines are in order but for a moment, and what waited for a failing disk.
                over = entry.at().isBefore(from.minusSeconds(60));
                if (!over && !entry.at().isBefore(from) && entry.at().isBefore(until) && wanted.test(entry)) {
                    found.add(entry);
                }
            });
        }
    }

    /** Shows the lines of a file, the last first. */
    private static void backwards(FileChannel file, Search search) throws IOException {
        byte[] rest = new byte[0];
        long at = file.size();
        while (at > 0 && !search.isOver()) {
            int length = (int) Math.min(BLOCK, at);
            at -= length;
            byte[] block = new byte[length + rest.length];
            read(file, at, ByteBuffer.wrap(block, 0, length));
            System.arraycopy(rest, 0, block, length, rest.length);
            rest = lines(block, search);
        }
        if (!search.isOver()) {
            search.see(rest);
        }
    }

    /** Shows all lines of which the beginning is here; what is before the first line end is returned. */
    private static byte[] lines(byte[] block, Search search) {
        int end = block.length;
        for (int i = block.length - 1; i >= 0 && !search.isOver(); i--) {
            if (block[i] == '\n') {
                search.see(Arrays.copyOfRange(block, i + 1, end));
                end = i;
            }
        }
        return end > MAX_LINE ? new byte[0] : Arrays.copyOf(block, end);
    }

    private static void read(FileChannel file, long at, ByteBuffer into) throws IOException {
        long position = at;
        while (into.hasRemaining()) {
            int count = file.read(into, position);
            if (count < 0) {
                throw new IOException("the audit log became shorter while it was read");
            }
            position += count;
        }
    }
}
