package io.entrepot.auth.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.net.InetAddresses;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Audit.Outcome;
import io.entrepot.core.access.Visit;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.testkit.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final Principal ALICE = new Principal("local", "alice");

    @TempDir
    Path data;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));

    @Test
    void what_was_changed_is_on_the_disk_when_note_returns() throws IOException {
        try (AuditLog log = log()) {
            log.note(event("user.create", Outcome.DONE, "bob", "made"));

            assertThat(Files.readString(file("2026-03-01")))
                    .isEqualTo("{\"at\":\"2026-03-01T08:00:00Z\",\"action\":\"user.create\",\"outcome\":\"done\","
                            + "\"principal\":\"local/alice\",\"credential\":\"k1\",\"from\":\"192.0.2.1\","
                            + "\"service\":\"here/main\",\"request\":\"r1\",\"target\":\"bob\",\"reason\":\"made\"}\n");
        }
    }

    @Test
    void what_was_written_is_read_again_the_newest_first() throws IOException {
        try (AuditLog log = log()) {
            for (int i = 0; i < 5; i++) {
                log.note(event("user.create", Outcome.DONE, "user" + i, ""));
                clock.advance(Duration.ofHours(10));
            }
        }
        assertThat(read(3)).extracting(AuditEntry::target).containsExactly("user4", "user3", "user2");
        assertThat(new AuditReader(folder())
                        .last(
                                10,
                                Instant.parse("2026-03-01T18:00:00Z"),
                                Instant.parse("2026-03-02T14:00:00Z"),
                                entry -> true))
                .extracting(AuditEntry::target)
                .containsExactly("user2", "user1");
        assertThat(read(10).get(4).from()).contains("192.0.2.1");
    }

    @Test
    void a_long_log_is_read_from_its_end() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            lines.append(AuditEntry.of(
                                    clock.instant(),
                                    event("user.create", Outcome.DONE, "user" + i, "x".repeat(i % 300)))
                            .toJson())
                    .append('\n');
        }
        Files.createDirectories(folder());
        Files.writeString(file("2026-03-01"), lines);

        List<AuditEntry> all = read(6000);
        assertThat(all).hasSize(5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(all.get(i).target()).isEqualTo("user" + (4999 - i));
        }
    }

    @Test
    void refusals_that_are_alike_are_counted_instead() throws IOException {
        try (AuditLog log = log()) {
            for (int i = 0; i < 100_000; i++) {
                log.note(event("login.password", Outcome.REFUSED, "main", "guess " + i));
            }
        }
        List<AuditEntry> all = read(100);
        assertThat(all).hasSize(Flood.IN_FULL + 1);
        assertThat(all.get(0).more()).isEqualTo(100_000 - Flood.IN_FULL);
        assertThat(all.get(0).reason()).isEqualTo("99997 more like this within 10 s");
    }

    @Test
    void refusals_of_ever_new_strangers_do_not_fill_the_disk_nor_hide_logins_and_changes() throws IOException {
        try (AuditLog log = log()) {
            for (int i = 0; i < 100_000; i++) {
                log.note(new Audit.Event(
                        "login.password",
                        new Principal("", "stranger" + i),
                        Optional.empty(),
                        Optional.empty(),
                        "main",
                        Outcome.REFUSED,
                        ""));
                if (i % 20_000 == 0) {
                    log.note(event("role.change", Outcome.DONE, "role" + i, ""));
                }
            }
            log.note(event("login.password", Outcome.DONE, "main", ""));
        }
        List<AuditEntry> all = read(1000);
        assertThat(all).hasSizeLessThan(120);
        assertThat(all)
                .filteredOn(entry -> entry.action().equals("role.change"))
                .hasSize(5);
        assertThat(all).filteredOn(entry -> entry.outcome() == Outcome.DONE).hasSize(6);
        assertThat(all.stream().mapToLong(AuditEntry::more).sum() + all.size()).isEqualTo(100_000 + 6 + 1);
    }

    @Test
    void many_changes_at_once_are_all_there() throws Exception {
        try (AuditLog log = log()) {
            long begun = System.nanoTime();
            Threads.together(16, thread -> {
                for (int i = 0; i < 50; i++) {
                    log.note(event("tag.delete", Outcome.DONE, thread + "-" + i, ""));
                }
                return thread;
            });
            System.out.printf("800 synced changes by 16 threads: %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        }
        assertThat(read(1000).stream().map(AuditEntry::target).distinct()).hasSize(800);
    }

    @Test
    void what_a_stranger_sent_is_harmless_to_print() throws IOException {
        String nasty = "a\r\nb\u001b[2Jc\u2028d\u202ee\u0000\ud800f\"\\" + "\u00e9\ud83d\ude00" + "x".repeat(5000);
        try (AuditLog log = log()) {
            log.note(new Audit.Event(
                    "user.create",
                    new Principal("", nasty),
                    Optional.of(nasty),
                    Optional.empty(),
                    nasty,
                    Outcome.DONE,
                    nasty));
        }
        List<String> lines = Files.readAllLines(file("2026-03-01"));
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).hasSizeLessThan(3000);
        assertThat(read(1).get(0).principal())
                .startsWith("a\\u000d\\u000ab\\u001b[2Jc\\u2028d\\u202ee\\u0000\\ud800f\"\\\u00e9\ud83d\ude00xxx")
                .endsWith("xxx...")
                .hasSizeLessThan(270);
    }

    @Test
    void only_its_owner_reads_it() throws IOException {
        assumeTrue(data.getFileSystem().supportedFileAttributeViews().contains("posix"), "files have no owner here");
        try (AuditLog log = log()) {
            log.note(event("user.create", Outcome.DONE, "bob", ""));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("2026-03-01"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void half_a_line_that_a_crash_left_is_passed_over() throws IOException {
        try (AuditLog log = log()) {
            log.note(event("user.create", Outcome.DONE, "bob", ""));
        }
        Files.writeString(file("2026-03-01"), "{\"at\":\"2026-03-01T08:", UTF_8, StandardOpenOption.APPEND);
        try (AuditLog log = log()) {
            log.note(event("user.create", Outcome.DONE, "carol", ""));
        }
        assertThat(read(10)).extracting(AuditEntry::target).containsExactly("carol", "bob");
    }

    @Test
    void a_full_day_keeps_changes_and_says_so_once() throws IOException {
        try (AuditLog log = new AuditLog(folder(), new AuditLimits(2000, 90), clock)) {
            for (int i = 0; i < 50; i++) {
                log.note(event("login.password" + i, Outcome.REFUSED, "main", ""));
            }
            for (int i = 0; i < 50; i++) {
                log.note(event("login.password" + i, Outcome.DONE, "main", ""));
                log.note(event("user.create", Outcome.DONE, "user" + i, ""));
            }
        }
        List<AuditEntry> all = read(1000);
        assertThat(all).filteredOn(entry -> entry.outcome() == Outcome.REFUSED).hasSizeBetween(3, 6);
        assertThat(all)
                .filteredOn(entry -> entry.action().equals("user.create"))
                .hasSize(50);
        assertThat(all)
                .filteredOn(entry -> entry.action().startsWith("login.") && entry.outcome() == Outcome.DONE)
                .hasSizeBetween(1, 6);
        assertThat(all).filteredOn(entry -> entry.action().equals("audit.log")).hasSize(1);
    }

    @Test
    void what_lies_too_many_days_back_is_deleted() throws IOException {
        try (AuditLog log = new AuditLog(folder(), new AuditLimits(1 << 20, 2), clock)) {
            for (int day = 0; day < 5; day++) {
                log.note(event("user.create", Outcome.DONE, "user" + day, ""));
                clock.advance(Duration.ofDays(1));
            }
        }
        assertThat(DayFiles.newestFirst(folder()))
                .containsExactly(file("2026-03-05"), file("2026-03-04"), file("2026-03-03"));
    }

    @Test
    void a_failing_disk_fails_nobody_and_changes_are_written_when_it_works_again() throws Exception {
        Files.writeString(folder(), "in the way");
        try (AuditLog log = log()) {
            log.note(event("user.create", Outcome.DONE, "bob", ""));
            log.note(event("login.password", Outcome.DONE, "main", ""));
            log.note(event("user.delete", Outcome.DONE, "bob", ""));
            Files.delete(folder());
            log.note(event("user.create", Outcome.DONE, "carol", ""));
        }
        List<AuditEntry> all = read(10);
        assertThat(all)
                .filteredOn(entry -> entry.action().startsWith("user."))
                .extracting(AuditEntry::target)
                .containsExactly("carol", "bob", "bob");
        assertThat(all)
                .filteredOn(entry -> entry.action().equals("audit.log"))
                .extracting(AuditEntry::reason)
                .containsExactly("1 entries are missing: the disk could not keep up, or failed");
    }

    private AuditLog log() {
        return new AuditLog(folder(), AuditLimits.DEFAULT, clock);
    }

    private Path folder() {
        return data.resolve("audit");
    }

    private Path file(String day) {
        return folder().resolve("audit-" + day + ".jsonl");
    }

    private List<AuditEntry> read(int limit) throws IOException {
        return new AuditReader(folder()).last(limit, Instant.EPOCH, Instant.MAX, entry -> true);
    }

    private static Audit.Event event(String action, Outcome outcome, String target, String reason) {
        Visit visit = new Visit(InetAddresses.forString("192.0.2.1"), "here/main", "r1");
        return new Audit.Event(action, ALICE, Optional.of("k1"), Optional.of(visit), target, outcome, reason);
    }
}
