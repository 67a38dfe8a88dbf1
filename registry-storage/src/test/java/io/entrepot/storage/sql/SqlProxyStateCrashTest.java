package io.entrepot.storage.sql;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.ProxyState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that is killed at any moment has forgotten nothing but what was read last. */
class SqlProxyStateCrashTest {
    @TempDir
    Path folder;

    @Test
    void what_a_killed_process_remembered_is_there() throws Exception {
        Path said = folder.resolve("said");
        for (int round = 0; round < 3; round++) {
            List<Integer> acknowledged = killed(said, 100 + 70 * round);
            try (Databases opened = Databases.open(folder)) {
                opened.database().registry("hub", "default");
                ProxyState state = opened.database().proxyState("hub");
                for (int number : acknowledged) {
                    assertThat(state.answer(Pushes.APP, Pushes.tag(number), Reach.LOCAL))
                            .contains(answer(number));
                    assertThat(state.listing(Pushes.APP, "list/" + number)).contains(list(number));
                    assertThat(state.pins()).contains(pin(number));
                    assertThat(state.unfinished(digest(number))).contains(download(number));
                }
                assertThat(acknowledged).isNotEmpty();
                assertThat(opened.database().verify()).isEmpty();
                state.forgetAll();
            }
        }
    }

    private List<Integer> killed(Path said, int afterMillis) throws Exception {
        Process child = Child.run("proxy", folder, said);
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

    /** What the child process does: it says each number when all about it was written. */
    static void rememberForever(Path folder) {
        SqlDatabase database = Databases.open(folder).database();
        database.registry("hub", "default");
        ProxyState state = database.proxyState("hub");
        for (int i = 0; ; i++) {
            state.answered(Pushes.APP, Pushes.tag(i), answer(i));
            state.listed(Pushes.APP, "list/" + i, list(i));
            state.pin(pin(i));
            state.begun(download(i));
            byte[] line = (i + "\n").getBytes(US_ASCII);
            System.out.write(line, 0, line.length);
            System.out.flush();
        }
    }

    private static Digest digest(int number) {
        return Pushes.layer(number).digest();
    }

    private static ProxyState.Answer answer(int number) {
        return new ProxyState.Answer(
                number % 2 == 0 ? Optional.of(digest(number)) : Optional.empty(), Instant.ofEpochMilli(number));
    }

    private static ProxyState.Listing list(int number) {
        return new ProxyState.Listing("list " + number, Instant.ofEpochMilli(number));
    }

    private static ProxyState.Pin pin(int number) {
        return new ProxyState.Pin(Pushes.APP, digest(number));
    }

    private static ProxyState.Unfinished download(int number) {
        return new ProxyState.Unfinished(
                Pushes.APP, digest(number), new UploadId(new UUID(7, number)), Instant.ofEpochMilli(number));
    }
}
