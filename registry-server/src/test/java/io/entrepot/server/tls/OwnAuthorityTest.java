package io.entrepot.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnAuthorityTest {
    private static final Instant NOW = Instant.now();
    private static final MachineNames MACHINE =
            new MachineNames(new LinkedHashSet<>(List.of("box", "localhost", "127.0.0.1")), Set.of("172.17.0.1"));

    @TempDir
    Path data;

    private OwnAuthority authority;

    @BeforeEach
    void open() {
        authority = new OwnAuthority(data.resolve("tls"));
    }

    private boolean ensure(Instant now, String... names) throws TlsException {
        return authority.ensure(List.of(names), List.of(), MACHINE, now);
    }

    @Test
    void what_is_made_holds_all_names_and_addresses() throws Exception {
        authority.ensure(List.of("Reg.Example", "192.0.2.7"), List.of("2001:db8::1", "0.0.0.0", "a b"), MACHINE, NOW);
        assertThat(Names.of(authority.certificate()))
                .containsExactly(
                        "reg.example",
                        "192.0.2.7",
                        "2001:db8:0:0:0:0:0:1",
                        "box",
                        "localhost",
                        "127.0.0.1",
                        "172.17.0.1");
        assertThat(authority.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=reg.example,O=Entrepot");
    }

    @Test
    void the_extensions_are_those_that_clients_ask_for() throws Exception {
        ensure(NOW);
        List<X509Certificate> chain = authority.identity().chain();
        X509Certificate server = chain.get(0);
        X509Certificate ca = chain.get(1);
        assertThat(chain).hasSize(2);
        server.verify(ca.getPublicKey());
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(ca.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false, false);
        assertThat(ca.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
        assertThat(server.getBasicConstraints()).isEqualTo(-1);
        assertThat(server.getKeyUsage()).startsWith(true, false);
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(server.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
        assertThat(Duration.between(
                        server.getNotBefore().toInstant(), server.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(397));
        assertThat(Duration.between(NOW, ca.getNotAfter().toInstant()).toDays()).isBetween(3649L, 3650L);
        assertThat(server.getSerialNumber().bitLength()).isEqualTo(127);
        assertThat(server.getSerialNumber()).isNotEqualTo(ca.getSerialNumber());
    }

    @Test
    void each_installation_has_an_authority_of_its_own_name() throws Exception {
        ensure(NOW);
        OwnAuthority other = new OwnAuthority(data.resolve("other"));
        other.ensure(List.of(), List.of(), MACHINE, NOW);
        assertThat(KeyFiles.certificates(authority.caCertificate()).get(0).getSubjectX500Principal())
                .isNotEqualTo(
                        KeyFiles.certificates(other.caCertificate()).get(0).getSubjectX500Principal());
    }

    @Test
    void nobody_else_may_read_the_keys() throws Exception {
        ensure(NOW);
        Path folder = data.resolve("tls");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        for (String name : List.of("ca.key", "ca.crt", "server.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }
        Files.setPosixFilePermissions(folder.resolve("ca.key"), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> ensure(NOW))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("ca.key can be read by other users");
    }

    @Test
    void what_is_good_stays() throws Exception {
        assertThat(ensure(NOW)).isTrue();
        X509Certificate before = authority.certificate();
        assertThat(ensure(NOW.plus(Duration.ofDays(360)))).isFalse();
        assertThat(authority.certificate()).isEqualTo(before);
    }

    @Test
    void with_less_than_thirty_days_left_it_is_made_anew_by_the_same_authority() throws Exception {
        ensure(NOW);
        byte[] ca = Files.readAllBytes(authority.caCertificate());
        assertThat(ensure(NOW.plus(Duration.ofDays(368)))).isTrue();
        assertThat(authority.certificate().getNotAfter().toInstant()).isAfter(NOW.plus(Duration.ofDays(700)));
        assertThat(authority.caCertificate()).hasBinaryContent(ca);
    }

    @Test
    void a_new_name_needs_a_new_one_and_is_remembered_and_a_passing_address_does_not() throws Exception {
        ensure(NOW);
        assertThat(ensure(NOW, "reg.example")).isTrue();
        assertThat(ensure(NOW)).isFalse();
        assertThat(authority.ensure(
                        List.of(), List.of(), new MachineNames(MACHINE.lasting(), Set.of("172.18.0.1")), NOW))
                .isFalse();
        ensure(NOW.plus(Duration.ofDays(380)));
        assertThat(Names.of(authority.certificate())).contains("reg.example");
    }

    @Test
    void a_lost_key_of_the_authority_is_said_with_what_to_do() throws Exception {
        ensure(NOW);
        Files.delete(data.resolve("tls/ca.key"));
        assertThatThrownBy(() -> ensure(NOW)).hasMessageContaining("ca.key is missing");
    }

    @Test
    void many_at_once_agree_on_one_authority() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                tasks.add(() -> new OwnAuthority(data.resolve("tls")).ensure(List.of(), List.of(), MACHINE, NOW));
            }
            int made = 0;
            for (Future<Boolean> done : pool.invokeAll(tasks)) {
                made += done.get() ? 1 : 0;
            }
            assertThat(made).isEqualTo(1);
        } finally {
            pool.shutdownNow();
        }
        authority
                .certificate()
                .verify(KeyFiles.certificates(authority.caCertificate()).get(0).getPublicKey());
    }

    @Test
    void this_machine_has_names() {
        MachineNames found = MachineNames.find();
        assertThat(found.lasting()).contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(found.lasting()).noneMatch(name -> name.contains("%"));
    }
}
