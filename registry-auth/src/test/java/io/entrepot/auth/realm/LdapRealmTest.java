package io.entrepot.auth.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import io.entrepot.auth.realm.Realm.Verdict;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.testkit.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Over a directory in memory, which can also be down, slow, or send us elsewhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LdapRealmTest extends LdapContract {
    private final InMemoryDirectoryServer directory;
    private final Path ca;

    LdapRealmTest(@TempDir Path keys) throws Exception {
        KeyStore key = Keytool.key(keys, "CN=directory", "san=ip:127.0.0.1");
        ca = Keytool.certificatePem(keys, key);
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(key, Keytool.PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keyManagers.getKeyManagers(), null, null);
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(SUFFIX);
        config.setSchema(null);
        InetAddress here = InetAddress.getByName("127.0.0.1");
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("plain", here, 0, tls.getSocketFactory()),
                InMemoryListenerConfig.createLDAPSConfig(
                        "secure", here, 0, tls.getServerSocketFactory(), tls.getSocketFactory()));
        directory = new InMemoryDirectoryServer(config);
        for (String[] entry : ENTRIES) {
            directory.add(entry);
        }
        directory.modify(
                "uid=alice,ou=people," + SUFFIX,
                new Modification(ModificationType.ADD, "memberOf", "cn=devs," + GROUPS));
    }

    @BeforeAll
    void listen() throws Exception {
        directory.startListening();
    }

    @AfterAll
    void end() {
        directory.shutDown(true);
    }

    @Override
    URI plain() {
        return URI.create("ldap://127.0.0.1:" + directory.getListenPort("plain"));
    }

    @Override
    URI secure() {
        return URI.create("ldaps://127.0.0.1:" + directory.getListenPort("secure"));
    }

    @Override
    Path ca() {
        return ca;
    }

    @Override
    LDAPConnection administrator() throws Exception {
        return directory.getConnection();
    }

    @Test
    void an_empty_password_is_refused_before_anybody_is_asked() {
        try (LdapRealm nobodyThere = realm(options(URI.create("ldap://127.0.0.1:1")))) {
            assertThat(judge(nobodyThere, "alice", "")).isInstanceOf(Verdict.Wrong.class);
        }
    }

    @Test
    void connections_that_the_directory_closed_are_made_anew() {
        try (LdapRealm realm = realm(options(plain()))) {
            recognised(realm, "alice", "wonderland");
            directory.closeAllConnections(false);
            recognised(realm, "alice", "wonderland");
        }
    }

    @Test
    void a_directory_that_does_not_answer_is_waited_for_once_and_then_not_at_all() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            SettableClock clock = new SettableClock();
            LdapOptions options = new LdapOptions(
                    List.of(URI.create("ldap://127.0.0.1:" + silent.getLocalPort())),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    SUFFIX,
                    "uid",
                    Optional.empty(),
                    new LdapOptions.NoGroups(),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    4);
            try (LdapRealm realm = new LdapRealm(options, clock)) {
                long begun = System.nanoTime();
                assertUnavailable(realm);
                Duration first = Duration.ofNanos(System.nanoTime() - begun);
                begun = System.nanoTime();
                for (int i = 0; i < 100; i++) {
                    assertUnavailable(realm);
                }
                assertThat(first).isBetween(Duration.ofMillis(900), Duration.ofSeconds(8));
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void while_the_directory_is_down_who_was_verified_passes_until_his_minute_is_over() throws Exception {
        SettableClock clock = new SettableClock();
        Credentials.Password alice = new Credentials.Password("alice", "wonderland");
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(SUFFIX);
        config.setSchema(null);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("plain", InetAddress.getByName("127.0.0.1"), 0, null));
        InMemoryDirectoryServer mortal = new InMemoryDirectoryServer(config);
        for (String[] entry : ENTRIES) {
            mortal.add(entry);
        }
        mortal.startListening();
        try (LdapRealm realm =
                new LdapRealm(options(URI.create("ldap://127.0.0.1:" + mortal.getListenPort("plain"))), clock)) {
            RealmChain chain = new RealmChain(List.of(realm), new PlainPolicy(), Audit.NONE, clock, new SecureRandom());
            chain.authenticate(alice, HOME, Reach.ANYWHERE);
            mortal.shutDown(true);

            assertThat(chain.authenticate(alice, HOME, Reach.ANYWHERE)
                            .principal()
                            .id())
                    .isEqualTo("ldap/alice");
            assertThatThrownBy(
                            () -> chain.authenticate(new Credentials.Password("bob", "builder"), HOME, Reach.ANYWHERE))
                    .isInstanceOf(RegistryException.Unavailable.class);
            clock.advance(VerifiedCredentials.GOOD_FOR);
            assertThatThrownBy(() -> chain.authenticate(alice, HOME, Reach.ANYWHERE))
                    .isInstanceOf(RegistryException.Unavailable.class);
        }
    }

    @Test
    void referrals_take_no_password_elsewhere() throws Exception {
        try (ServerSocket elsewhere = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            String dn = "ou=elsewhere," + SUFFIX;
            directory.add(
                    "dn: " + dn,
                    "objectClass: referral",
                    "objectClass: extensibleObject",
                    "ou: elsewhere",
                    "ref: ldap://127.0.0.1:" + elsewhere.getLocalPort() + "/" + dn);
            elsewhere.setSoTimeout(300);
            try (LdapRealm realm = realm(options(plain()))) {
                recognised(realm, "alice", "wonderland");
                assertThatThrownBy(elsewhere::accept).isInstanceOf(java.net.SocketTimeoutException.class);
            } finally {
                directory
                        .getConnection()
                        .delete(new com.unboundid.ldap.sdk.DeleteRequest(dn, new com.unboundid.ldap.sdk.Control[] {
                            new com.unboundid.ldap.sdk.controls.ManageDsaITRequestControl()
                        }));
            }
        }
    }

    @Test
    void options_that_cannot_be_right_are_refused() {
        for (String url : List.of("http://127.0.0.1", "ldap:127.0.0.1", "ldaps://user@127.0.0.1", "127.0.0.1")) {
            assertThatThrownBy(() -> options(URI.create(url))).as(url).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(options(plain()).toString()).doesNotContain(READER_PASSWORD);
    }
}
