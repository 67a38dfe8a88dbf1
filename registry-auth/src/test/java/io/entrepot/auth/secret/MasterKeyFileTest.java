package io.entrepot.auth.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class MasterKeyFileTest {
    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    private MasterKeyFile file() {
        return new MasterKeyFile(path(), random);
    }

    private Path path() {
        return folder.resolve("secret").resolve("master.key");
    }

    @Test
    void the_first_start_makes_a_key_that_only_its_owner_can_read() throws IOException {
        String sealed = file().open().seal("p", "secret");

        assertThat(permissions(path())).isEqualTo("rw-------");
        assertThat(permissions(path().getParent())).isEqualTo("rwx------");
        assertThat(file().open().open("p", sealed)).isEqualTo("secret");
        try (var files = Files.list(path().getParent())) {
            assertThat(files).containsExactly(path());
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void a_file_that_others_can_read_is_refused_with_what_to_do() throws IOException {
        file().open();
        for (String open : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"}) {
            Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> file().open())
                    .as(open)
                    .isInstanceOf(SecretException.class)
                    .hasMessageContaining("chmod 600");
        }
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("r--------"));
        assertThat(file().open()).isNotNull();
    }

    @Test
    void a_file_that_holds_something_else_is_refused_and_stays() throws IOException {
        file().open();
        for (String other : new String[] {"", "\n", "hello\n", "x".repeat(100_000)}) {
            Files.writeString(path(), other);
            assertThatThrownBy(() -> file().open()).isInstanceOf(SecretException.class);
            assertThat(Files.readString(path())).isEqualTo(other);
        }
    }

    @Test
    void a_symbolic_link_in_its_place_is_refused() throws IOException {
        Files.createDirectories(path().getParent());
        Files.createSymbolicLink(path(), folder.resolve("elsewhere"));

        assertThatThrownBy(() -> file().open()).isInstanceOf(SecretException.class);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void a_rotated_file_opens_old_envelopes_until_the_old_keys_are_forgotten() throws IOException {
        String old = file().open().seal("p", "secret");

        SecretBox rotated = file().rotate();
        String resealed = file().open().reseal("p", old);

        assertThat(rotated.open("p", old)).isEqualTo("secret");
        assertThat(resealed).isNotEqualTo(old);
        assertThat(permissions(path())).isEqualTo("rw-------");
        SecretBox without = file().forgetOlder();
        assertThat(without.open("p", resealed)).isEqualTo("secret");
        assertThatThrownBy(() -> without.open("p", old)).isInstanceOf(SecretException.class);
    }

    @Test
    void many_that_start_at_once_agree_on_one_key() {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 16)
                .parallel()
                .forEach(i -> keys.add(file().open().seal("p", "").substring(0, 19)));

        assertThat(keys).hasSize(1);
    }
}
