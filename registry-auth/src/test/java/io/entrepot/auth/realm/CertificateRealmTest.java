package io.entrepot.auth.realm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.entrepot.auth.realm.CertificateRealm.Source;
import io.entrepot.auth.realm.Realm.Verdict;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateRealmTest {
    private static final Visit HOME = new Visit(InetAddresses.forString("192.0.2.1"), "test/main", "r1");

    @TempDir
    Path folder;

    @Test
    void the_subject_or_an_alternative_name_tells_who_it_is() throws Exception {
        X509Certificate certificate = Keytool.certificate(Keytool.key(
                folder, "CN=Build 7,O=Example", "san=email:CI@example.org,dns:ci.example.org,uri:spiffe://example/ci"));

        assertThat(principal(Source.SUBJECT_CN, certificate)).isEqualTo(new Principal("certificate", "build 7"));
        assertThat(principal(Source.SAN_EMAIL, certificate).name()).isEqualTo("ci@example.org");
        assertThat(principal(Source.SAN_DNS, certificate).name()).isEqualTo("ci.example.org");
        assertThat(principal(Source.SAN_URI, certificate).name()).isEqualTo("spiffe://example/ci");
        assertThat(judge(Source.SUBJECT_CN, certificate))
                .isInstanceOfSatisfying(
                        Verdict.Recognised.class,
                        good -> assertThat(good.until())
                                .isEqualTo(certificate.getNotAfter().toInstant()));
    }

    @Test
    void one_that_names_nobody_or_several_is_wrong() throws Exception {
        X509Certificate several =
                Keytool.certificate(Keytool.key(folder, "CN=alice,CN=bob", "san=dns:a.example,dns:b.example"));

        assertThat(judge(Source.SUBJECT_CN, several)).isInstanceOf(Verdict.Wrong.class);
        assertThat(judge(Source.SAN_DNS, several)).isInstanceOf(Verdict.Wrong.class);
        assertThat(judge(Source.SAN_EMAIL, several)).isInstanceOf(Verdict.Wrong.class);
    }

    @Test
    void a_subject_that_looks_like_two_is_one_name() throws Exception {
        X509Certificate tricky = Keytool.certificate(Keytool.key(folder, "CN=alice\\,CN\\=bob,O=Example"));

        assertThat(principal(Source.SUBJECT_CN, tricky).name()).isEqualTo("alice,cn=bob");
    }

    @Test
    void passwords_are_left_to_others() {
        assertThat(new CertificateRealm(Source.SUBJECT_CN, "local", InstantSource.system())
                        .judge(new Credentials.Password("alice", "x"), HOME))
                .isInstanceOf(Verdict.NotMine.class);
    }

    @Test
    void one_that_has_ended_since_the_handshake_is_wrong() throws Exception {
        X509Certificate certificate = Keytool.certificate(Keytool.key(folder, "CN=alice"));
        InstantSource end = InstantSource.fixed(certificate.getNotAfter().toInstant());

        assertThat(new CertificateRealm(Source.SUBJECT_CN, "certificate", end)
                        .judge(new Credentials.Certificate(List.of(certificate)), HOME))
                .isInstanceOf(Verdict.Wrong.class);
    }

    private static Verdict judge(Source source, X509Certificate certificate) {
        return new CertificateRealm(source, "certificate", InstantSource.system())
                .judge(new Credentials.Certificate(List.of(certificate)), HOME);
    }

    private static Principal principal(Source source, X509Certificate certificate) {
        return ((Verdict.Recognised) judge(source, certificate)).identity().principal();
    }
}
