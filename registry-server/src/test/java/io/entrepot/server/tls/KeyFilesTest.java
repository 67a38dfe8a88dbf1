package io.entrepot.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What OpenSSL writes is read, in all its forms. */
@Timeout(120)
class KeyFilesTest {
    @TempDir
    Path folder;

    private OpenSsl openssl;

    @BeforeEach
    void open() {
        openssl = new OpenSsl(folder);
    }

    private Identity read(String certificate, String key, String password) throws TlsException {
        return KeyFiles.read(new TlsSource.Pem(
                folder.resolve(certificate),
                folder.resolve(key),
                password.isEmpty() ? Optional.empty() : Optional.of(password)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key",
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key",
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key",
                "genrsa -traditional -out key 2048",
                "ecparam -name prime256v1 -genkey -out key",
                "ecparam -name prime256v1 -genkey -noout -out key",
            })
    void every_kind_of_key_is_read(String command) throws Exception {
        openssl.run(command).run("req -x509 -new -key key -subj /CN=reg.example -days 10 -out crt");
        assertThat(read("crt", "key", "").leaf().getSubjectX500Principal().getName())
                .isEqualTo("CN=reg.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA512", "-v2 aes-256-cbc -iter 100000"})
    void encrypted_keys_are_read_with_their_password(String how) throws Exception {
        openssl.certificate("reg.example", "key", "crt");
        openssl.run("pkcs8 -topk8 -in key -out locked -passout pass:secret " + how);
        assertThat(read("crt", "locked", "secret").chain()).hasSize(1);
        assertThatThrownBy(() -> read("crt", "locked", "wrong"))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("the password is wrong");
        assertThatThrownBy(() -> read("crt", "locked", "")).hasMessageContaining("give its password");
    }

    /** One in 256 leaves bytes that look as if they were decrypted. */
    @Test
    void no_wrong_password_is_taken_for_a_damaged_key() throws Exception {
        openssl.certificate("reg.example", "key", "crt");
        openssl.run("pkcs8 -topk8 -in key -out locked -passout pass:secret -v2 aes-256-cbc -iter 1");
        for (int i = 0; i < 2_000; i++) {
            String wrong = "wrong" + i;
            assertThatThrownBy(() -> read("crt", "locked", wrong)).hasMessageContaining("the password is wrong");
        }
    }

    @Test
    void a_key_that_is_too_costly_to_decrypt_or_unusual_is_refused_at_once() throws Exception {
        openssl.certificate("reg.example", "key", "crt");
        openssl.run("pkcs8 -topk8 -in key -out costly -passout pass:s -v2 aes-256-cbc -iter 3000000");
        openssl.run("pkcs8 -topk8 -in key -out scrypt -passout pass:s -scrypt");
        openssl.run("pkcs8 -topk8 -in key -out old -passout pass:s -v1 PBE-SHA1-3DES");
        openssl.run("ec -in key -out traditional -passout pass:s -aes128");
        assertThatThrownBy(() -> read("crt", "costly", "s")).hasMessageContaining("would take too long");
        assertThatThrownBy(() -> read("crt", "scrypt", "s")).hasMessageContaining("convert it with openssl pkcs8");
        assertThatThrownBy(() -> read("crt", "old", "s")).hasMessageContaining("convert it with openssl pkcs8");
        assertThatThrownBy(() -> read("crt", "traditional", "s")).hasMessageContaining("convert it with openssl pkcs8");
    }

    @Test
    void weak_and_unusable_keys_are_refused() throws Exception {
        openssl.run("genrsa -out weak 1024").run("req -x509 -new -key weak -subj /CN=a -days 1 -out weak.crt");
        openssl.run("genpkey -algorithm ED25519 -out ed").run("req -x509 -new -key ed -subj /CN=a -days 1 -out ed.crt");
        assertThatThrownBy(() -> read("weak.crt", "weak", "")).hasMessageContaining("RSA of 2048 bits or more");
        assertThatThrownBy(() -> read("ed.crt", "ed", "")).hasMessageContaining("neither RSA nor EC");
    }

    @Test
    void a_key_of_another_certificate_is_refused() throws Exception {
        openssl.certificate("a", "a.key", "a.crt").certificate("b", "b.key", "b.crt");
        openssl.run("genrsa -out rsa 2048");
        assertThatThrownBy(() -> read("a.crt", "b.key", ""))
                .hasMessageContaining("the key does not match any certificate in " + folder.resolve("a.crt"));
        assertThatThrownBy(() -> read("a.crt", "rsa", "")).hasMessageContaining("does not match");
    }

    @Test
    void a_chain_is_put_in_order_and_strangers_are_left_out() throws Exception {
        openssl.chain();
        openssl.certificate("stranger", "s.key", "s.crt");
        openssl.join("mixed", "s.crt", "root.crt", "leaf.crt", "sub.crt");
        assertThat(read("mixed", "leaf.key", "").chain())
                .extracting(c -> c.getSubjectX500Principal().getName())
                .containsExactly("CN=leaf", "CN=sub", "CN=root");
        openssl.join("short", "sub.crt", "leaf.crt", "leaf.key");
        Identity identity = read("short", "short", "");
        assertThat(identity.chain()).hasSize(2);
        assertThat(identity.missingIssuer()).contains("CN=root");
    }

    @Test
    void pkcs12_is_read_with_its_chain() throws Exception {
        openssl.chain();
        openssl.join("ca", "root.crt", "sub.crt");
        openssl.run("pkcs12 -export -in leaf.crt -inkey leaf.key -certfile ca -passout pass:secret -out p12");
        openssl.run("pkcs12 -export -in leaf.crt -inkey leaf.key -passout pass: -out open.p12");
        Path file = folder.resolve("p12");
        assertThat(KeyFiles.read(new TlsSource.Pkcs12(file, Optional.of("secret")))
                        .chain())
                .hasSize(3);
        assertThatThrownBy(() -> KeyFiles.read(new TlsSource.Pkcs12(file, Optional.of("wrong"))))
                .hasMessageContaining("the password is wrong");
        assertThat(KeyFiles.read(new TlsSource.Pkcs12(folder.resolve("open.p12"), Optional.empty()))
                        .chain())
                .hasSize(1);
    }

    @Test
    void what_is_no_certificate_is_told() throws Exception {
        openssl.certificate("a", "key", "crt");
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(
                folder.resolve("cut"), Files.readString(folder.resolve("crt")).substring(0, 200));
        Files.writeString(folder.resolve("bad"), "-----BEGIN CERTIFICATE-----\n****\n-----END CERTIFICATE-----\n");
        Files.writeString(folder.resolve("wrong"), "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
        Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> read("empty", "key", "")).hasMessageContaining("is not PEM");
        assertThatThrownBy(() -> read("cut", "key", "")).hasMessageContaining("is cut off");
        assertThatThrownBy(() -> read("bad", "key", "")).isInstanceOf(TlsException.class);
        assertThatThrownBy(() -> read("wrong", "key", "")).hasMessageContaining("is damaged");
        assertThatThrownBy(() -> read("large", "key", "")).hasMessageContaining("larger than 1 MiB");
        assertThatThrownBy(() -> read("none", "key", "")).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> read("key", "key", "")).hasMessageContaining("holds no certificate");
        assertThatThrownBy(() -> read("crt", "crt", "")).hasMessageContaining("no private key");
    }

    @Test
    void damaged_files_end_in_a_sentence_within_a_moment() throws Exception {
        openssl.certificate("a", "key", "crt");
        openssl.run("pkcs8 -topk8 -in key -out locked -passout pass:s -v2 aes-256-cbc");
        byte[] good = Files.readAllBytes(folder.resolve("locked"));
        Random random = new Random(3);
        long from = System.nanoTime();
        for (int i = 0; i < 300; i++) {
            byte[] bad = good.clone();
            for (int n = 0; n < 3; n++) {
                bad[40 + random.nextInt(bad.length - 80)] = (byte)
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".charAt(random.nextInt(64));
            }
            Files.write(folder.resolve("bad"), bad);
            try {
                read("crt", "bad", "s");
            } catch (TlsException e) {
                // Some damage leaves a key that is well-formed, and is only not this certificate's.
                assertThat(e.getMessage()).containsAnyOf("bad", "crt");
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(60));
    }
}
