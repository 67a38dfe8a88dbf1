package io.entrepot.auth.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.net.InetAddresses;
import io.entrepot.auth.password.HashingGate;
import io.entrepot.auth.password.PasswordHasher;
import io.entrepot.auth.realm.Realm.Verdict;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtpasswdRealmTest {
    private static final Visit HOME = new Visit(InetAddresses.forString("192.0.2.1"), "test/main", "r1");

    @TempDir
    Path folder;

    private final HashingGate gate = new HashingGate(new PasswordHasher(new SecureRandom()));

    @Test
    void names_and_bcrypt_hashes_let_in_and_all_else_is_ignored_and_told() throws IOException {
        String text = "# people\r\n\r\nalice:" + hash("2y", "one") + "\r\nbob:" + hash("2a", "two") + "\n"
                + "  carol:" + hash("2b", "three") + "  \n"
                + "dave:$apr1$9Cv/OMGj$ZomWQzuQL.3TRCS81A1g//\n"
                + "no colon\n:" + hash("2y", "x") + "\n"
                + "eve:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=\n"
                + "frank:" + hash("2y", "x").replace("$04$", "$31$") + "\n"
                + "alice:" + hash("2y", "newer") + "\n\u00e4nne:" + hash("2y", "u\u0308ber");
        Path file = write(text);
        HtpasswdRealm realm = realm(file);

        assertThat(List.of(
                        judge(realm, "alice", "newer"),
                        judge(realm, "bob", "two"),
                        judge(realm, "carol", "three"),
                        judge(realm, "\u00e4nne", "\u00fcber")))
                .as("the last line of a name holds; accents are the same however they are typed")
                .allSatisfy(verdict -> assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.Recognised.class,
                                good -> assertThat(good.identity().groups()).containsExactly("htpasswd")));
        assertThat(judge(realm, "alice", "one")).isInstanceOf(Verdict.Wrong.class);
        for (String ignored : List.of("dave", "eve", "frank", "no colon", "", "nobody", "# people")) {
            assertThat(judge(realm, ignored, "x")).as(ignored).isInstanceOf(Verdict.NotMine.class);
        }
        assertThat(HtpasswdFile.parse(text.getBytes(StandardCharsets.UTF_8)).problems())
                .hasSize(5)
                .first()
                .asString()
                .startsWith("line 6: ")
                .doesNotContain("apr1");
    }

    @Test
    void a_changed_file_holds_at_the_next_login() throws IOException {
        Path file = write("alice:" + hash("2y", "one"));
        HtpasswdRealm realm = realm(file);
        assertThat(judge(realm, "alice", "one")).isInstanceOf(Verdict.Recognised.class);

        write("alice:" + hash("2y", "two"));
        assertThat(judge(realm, "alice", "one")).isInstanceOf(Verdict.Wrong.class);
        assertThat(judge(realm, "alice", "two")).isInstanceOf(Verdict.Recognised.class);

        FileTime long_ago = FileTime.fromMillis(System.currentTimeMillis() - 100_000);
        write("bob:" + hash("2y", "one"));
        Files.setLastModifiedTime(file, long_ago);
        assertThat(judge(realm, "alice", "two")).isInstanceOf(Verdict.NotMine.class);
        assertThat(judge(realm, "bob", "one")).isInstanceOf(Verdict.Recognised.class);
    }

    @Test
    void while_the_file_is_missing_what_it_held_goes_on_holding() throws IOException {
        Path file = write("alice:" + hash("2y", "one"));
        HtpasswdRealm realm = realm(file);
        Files.delete(file);
        assertThat(judge(realm, "alice", "one")).isInstanceOf(Verdict.Recognised.class);

        write("bob:" + hash("2y", "one"));
        assertThat(judge(realm, "alice", "one")).isInstanceOf(Verdict.NotMine.class);
        assertThat(judge(realm, "bob", "one")).isInstanceOf(Verdict.Recognised.class);
    }

    @Test
    void a_file_that_was_never_there_knows_nobody() {
        assertThat(judge(realm(folder.resolve("none")), "alice", "one")).isInstanceOf(Verdict.NotMine.class);
    }

    @Test
    void a_file_made_by_htpasswd_itself_lets_in() throws Exception {
        Path file = folder.resolve("real");
        assumeTrue(htpasswd(file, "alice", "wonderland"), "there is no htpasswd (apache2-utils) here");
        HtpasswdRealm realm = realm(file);

        assertThat(judge(realm, "alice", "wonderland")).isInstanceOf(Verdict.Recognised.class);
        assertThat(judge(realm, "alice", "wonder")).isInstanceOf(Verdict.Wrong.class);
    }

    private static boolean htpasswd(Path file, String user, String password) throws Exception {
        try {
            Process made = new ProcessBuilder("htpasswd", "-cbB", file.toString(), user, password)
                    .redirectErrorStream(true)
                    .start();
            made.getInputStream().readAllBytes();
            return made.waitFor(20, TimeUnit.SECONDS) && made.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private HtpasswdRealm realm(Path file) {
        return new HtpasswdRealm(file, gate, InstantSource.system());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("htpasswd"), text);
    }

    private static Verdict judge(Realm realm, String user, String password) {
        return realm.judge(new Credentials.Password(user, password), HOME);
    }

    private static String hash(String version, String password) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        String composed = java.text.Normalizer.normalize(password, java.text.Normalizer.Form.NFC);
        return OpenBSDBCrypt.generate(version, composed.toCharArray(), salt, 4);
    }
}
