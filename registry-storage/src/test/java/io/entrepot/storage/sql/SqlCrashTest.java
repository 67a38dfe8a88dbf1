package io.entrepot.storage.sql;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Reach;
import io.entrepot.core.store.MetadataStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed at any moment loses nothing that it has acknowledged. */
class SqlCrashTest {
    private static final int ROUNDS = 10;
    private static final int WRITERS = 4;

    @TempDir
    Path folder;

    @Test
    void what_a_killed_process_acknowledged_is_there() throws Exception {
        List<Integer> acknowledged = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(killed(20 + new Random().nextInt(150)));
            try (Databases opened = Databases.open(folder)) {
                MetadataStore store = opened.database().registry("main", "default");
                for (int number : acknowledged) {
                    assertThat(store.manifest(Pushes.APP, Pushes.tag(number), Reach.LOCAL)
                                    .orElseThrow()
                                    .digest())
                            .isEqualTo(Pushes.image(number).digest());
                    assertThat(store.blob(Pushes.APP, Pushes.layer(number).digest(), Reach.LOCAL))
                            .isPresent();
                }
                assertThat(opened.database().verify()).isEmpty();
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    }

    /** The numbers that a process had acknowledged when it was killed, so long after the first. */
    private List<Integer> killed(int afterMillis) throws Exception {
        Path said = folder.resolve("said");
        Process child = Child.run("push", folder, said);
        while (Files.size(said) == 0) {
            assertThat(child.isAlive()).isTrue();
            Thread.sleep(5);
        }
        Thread.sleep(afterMillis);
        child.destroyForcibly().waitFor();
        String text = Files.readString(said, US_ASCII);
        return text.substring(0, text.lastIndexOf('\n'))
                .lines()
                .map(Integer::valueOf)
                .toList();
    }

    /** What the child process does: it says each number when its push is acknowledged. */
    static void pushForever(Path folder) {
        MetadataStore store = Databases.open(folder).database().registry("main", "default");
        int first = new Random().nextInt(Integer.MAX_VALUE / 2);
        IntStream.range(0, WRITERS)
                .mapToObj(w -> new Thread(() -> {
                    for (int i = first + w; ; i += WRITERS) {
                        Pushes.push(store, i);
                        byte[] line = (i + "\n").getBytes(US_ASCII);
                        System.out.write(line, 0, line.length);
                        System.out.flush();
                    }
                }))
                .forEach(Thread::start);
    }
}
