package io.entrepot.auth.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.realm.Realm.Verdict;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import io.entrepot.core.testkit.Threads;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the realm owes whatever the directory is. The directory speaks ldap with StartTLS, and ldaps. */
abstract class LdapContract {
    static final String SUFFIX = "dc=example,dc=org";
    static final String READER = "cn=reader," + SUFFIX;
    static final String READER_PASSWORD = "reads";
    static final String GROUPS = "ou=groups," + SUFFIX;
    static final Visit HOME = new Visit(InetAddresses.forString("192.0.2.1"), "test/main", "r1");

    /** Alice is in devs, devs in all, and all in devs; bob is in ops, as his name and not as his DN. */
    static final List<String[]> ENTRIES = List.of(
            new String[] {
                "dn: " + SUFFIX, "objectClass: dcObject", "objectClass: organization", "dc: example", "o: Example"
            },
            new String[] {"dn: ou=people," + SUFFIX, "objectClass: organizationalUnit", "ou: people"},
            new String[] {"dn: " + GROUPS, "objectClass: organizationalUnit", "ou: groups"},
            new String[] {
                "dn: " + READER,
                "objectClass: organizationalRole",
                "objectClass: simpleSecurityObject",
                "cn: reader",
                "userPassword: " + READER_PASSWORD
            },
            person("alice", "Alice", "wonderland"),
            person("bob", "Robert", "builder"),
            person("sam", "Sam", "again"),
            person("twin", "First", "same"),
            new String[] {
                "dn: cn=Second,ou=people," + SUFFIX,
                "objectClass: inetOrgPerson",
                "cn: Second",
                "sn: Second",
                "uid: twin",
                "userPassword: same"
            },
            new String[] {
                "dn: cn=devs," + GROUPS,
                "objectClass: groupOfNames",
                "cn: devs",
                "member: uid=alice,ou=people," + SUFFIX,
                "member: cn=all," + GROUPS
            },
            new String[] {"dn: cn=all," + GROUPS, "objectClass: groupOfNames", "cn: all", "member: cn=devs," + GROUPS},
            new String[] {"dn: cn=ops," + GROUPS, "objectClass: posixGroup", "cn: ops", "gidNumber: 7", "memberUid: bob"
            });

    private static String[] person(String uid, String cn, String password) {
        return new String[] {
            "dn: uid=" + uid + ",ou=people," + SUFFIX,
            "objectClass: inetOrgPerson",
            "uid: " + uid,
            "cn: " + cn,
            "sn: " + cn,
            "userPassword: " + password
        };
    }

    @TempDir
    Path folder;

    abstract URI plain();

    abstract URI secure();

    abstract Path ca();

    abstract LDAPConnection administrator() throws Exception;

    @Test
    void who_binds_is_recognised_and_has_one_name_however_he_writes_it() {
        try (LdapRealm realm = realm(options(plain()))) {
            for (String name : List.of("alice", "Alice", " ALICE ")) {
                assertThat(recognised(realm, name, "wonderland").principal()).isEqualTo(new Principal("ldap", "alice"));
            }
            assertThat(judge(realm, "alice", "wonder")).isInstanceOf(Verdict.Wrong.class);
            assertThat(judge(realm, "eve", "wonderland")).isInstanceOf(Verdict.NotMine.class);
        }
    }

    @Test
    void many_logins_in_turn_and_at_once_share_connections() throws Exception {
        try (LdapRealm realm = realm(options(plain()))) {
            for (int i = 0; i < 20; i++) {
                recognised(realm, "alice", "wonderland");
                assertThat(judge(realm, "bob", "x")).isInstanceOf(Verdict.Wrong.class);
            }
            Threads.together(16, thread -> {
                for (int i = 0; i < 10; i++) {
                    recognised(realm, thread % 2 == 0 ? "alice" : "bob", thread % 2 == 0 ? "wonderland" : "builder");
                }
                return thread;
            });
        }
    }

    @Test
    void what_stands_in_a_name_is_no_filter() {
        try (LdapRealm realm = realm(options(plain()))) {
            for (String name : List.of(
                    "bob)(uid=*",
                    "*",
                    "b*",
                    "bob)(|(uid=bob",
                    "\\62ob",
                    "bob\u0000",
                    "",
                    " ",
                    "\uff42ob",
                    "b\u00adob",
                    "bo b",
                    "$token")) {
                assertThat(judge(realm, name, "builder")).as(name).isInstanceOf(Verdict.NotMine.class);
            }
        }
    }

    /** Directories take a long s for an s; who counts failures by name does not. */
    @Test
    void letters_that_only_a_directory_takes_for_the_same_are_others() {
        try (LdapRealm realm = realm(options(plain()))) {
            recognised(realm, "SAM", "again");
            assertThat(judge(realm, "\u017fam", "again")).isInstanceOf(Verdict.NotMine.class);
        }
    }

    @Test
    void a_name_that_two_people_have_is_nobodys() {
        try (LdapRealm realm = realm(options(plain()))) {
            assertThat(judge(realm, "twin", "same")).isInstanceOf(Verdict.Wrong.class);
        }
    }

    @Test
    void a_filter_leaves_out_whom_it_does_not_hold_of() {
        try (LdapRealm realm = realm(with(plain(), Optional.of("(cn=Robert)"), new LdapOptions.NoGroups()))) {
            recognised(realm, "bob", "builder");
            assertThat(judge(realm, "alice", "wonderland")).isInstanceOf(Verdict.NotMine.class);
        }
    }

    @Test
    void groups_are_searched_for_by_dn_or_name_and_nested_ones_if_told() {
        assertThat(groups(
                        new LdapOptions.Search(GROUPS, "member", false, "cn", Optional.empty(), false),
                        "alice",
                        "wonderland"))
                .containsExactly("devs");
        assertThat(groups(
                        new LdapOptions.Search(GROUPS, "member", false, "cn", Optional.empty(), true),
                        "alice",
                        "wonderland"))
                .containsExactlyInAnyOrder("devs", "all");
        assertThat(groups(
                        new LdapOptions.Search(
                                GROUPS, "memberUid", true, "cn", Optional.of("(objectClass=posixGroup)"), false),
                        "bob",
                        "builder"))
                .containsExactly("ops");
        assertThat(groups(new LdapOptions.MemberOf("memberOf"), "alice", "wonderland"))
                .containsExactly("devs");
        assertThat(groups(new LdapOptions.MemberOf("memberOf"), "bob", "builder"))
                .isEmpty();
    }

    @Test
    void groups_are_those_of_this_login() throws Exception {
        LdapOptions.Groups search = new LdapOptions.Search(GROUPS, "member", false, "cn", Optional.empty(), false);
        try (LDAPConnection administrator = administrator()) {
            change(administrator, ModificationType.ADD);
            assertThat(groups(search, "bob", "builder")).containsExactly("devs");
            change(administrator, ModificationType.DELETE);
            assertThat(groups(search, "bob", "builder")).isEmpty();
        }
    }

    private static void change(LDAPConnection administrator, ModificationType kind) throws Exception {
        administrator.modify("cn=devs," + GROUPS, new Modification(kind, "member", "uid=bob,ou=people," + SUFFIX));
    }

    @Test
    void tls_is_spoken_from_the_start_or_after_the_first_word() {
        try (LdapRealm ldaps = realm(tls(secure(), false, ca()));
                LdapRealm startTls = realm(tls(plain(), true, ca()))) {
            recognised(ldaps, "alice", "wonderland");
            recognised(startTls, "alice", "wonderland");
            recognised(startTls, "alice", "wonderland");
        }
    }

    @Test
    void another_directory_that_is_not_the_one_it_claims_to_be_gets_no_password() throws Exception {
        Path other = Keytool.certificatePem(folder, Keytool.key(folder, "CN=other", "san=ip:127.0.0.1"));
        URI otherName = URI.create("ldaps://localhost:" + secure().getPort());
        for (LdapOptions options : List.of(
                tls(secure(), false, other),
                tls(plain(), true, other),
                tls(otherName, false, ca()),
                tls(URI.create("ldap://localhost:" + plain().getPort()), true, ca()))) {
            try (LdapRealm realm = realm(options)) {
                assertUnavailable(realm);
            }
        }
    }

    @Test
    void an_account_that_may_not_search_is_no_wrong_password_of_the_user() {
        LdapOptions options = options(plain());
        LdapOptions wrong = new LdapOptions(
                options.urls(),
                false,
                Optional.empty(),
                Optional.of(new LdapOptions.Account(READER, "wrong")),
                SUFFIX,
                "uid",
                Optional.empty(),
                options.groups(),
                options.connectTimeout(),
                options.responseTimeout(),
                4);
        try (LdapRealm realm = realm(wrong)) {
            assertUnavailable(realm);
        }
    }

    @Test
    void the_next_url_is_asked_when_the_first_is_down() {
        LdapOptions options = options(plain());
        LdapOptions two = new LdapOptions(
                List.of(URI.create("ldap://127.0.0.1:1"), plain()),
                false,
                Optional.empty(),
                options.account(),
                SUFFIX,
                "uid",
                Optional.empty(),
                options.groups(),
                options.connectTimeout(),
                options.responseTimeout(),
                4);
        try (LdapRealm realm = realm(two)) {
            recognised(realm, "alice", "wonderland");
        }
    }

    static void assertUnavailable(LdapRealm realm) {
        assertThatThrownBy(() -> judge(realm, "alice", "wonderland"))
                .isInstanceOf(RegistryException.Unavailable.class)
                .hasMessage("the directory of users cannot be asked now: try again in a moment");
    }

    private Set<String> groups(LdapOptions.Groups rule, String user, String password) {
        try (LdapRealm realm = realm(with(plain(), Optional.empty(), rule))) {
            return recognised(realm, user, password).groups();
        }
    }

    static LdapOptions options(URI url) {
        return with(url, Optional.empty(), new LdapOptions.NoGroups());
    }

    private static LdapOptions with(URI url, Optional<String> filter, LdapOptions.Groups groups) {
        return new LdapOptions(
                List.of(url),
                false,
                Optional.empty(),
                Optional.of(new LdapOptions.Account(READER, READER_PASSWORD)),
                SUFFIX,
                "uid",
                filter,
                groups,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                4);
    }

    private static LdapOptions tls(URI url, boolean startTls, Path ca) {
        LdapOptions options = options(url);
        return new LdapOptions(
                List.of(url),
                startTls,
                Optional.of(ca),
                options.account(),
                SUFFIX,
                "uid",
                Optional.empty(),
                options.groups(),
                options.connectTimeout(),
                options.responseTimeout(),
                4);
    }

    static LdapRealm realm(LdapOptions options) {
        return new LdapRealm(options, InstantSource.system());
    }

    static Verdict judge(LdapRealm realm, String user, String password) {
        return realm.judge(new Credentials.Password(user, password), HOME);
    }

    static Identity recognised(LdapRealm realm, String user, String password) {
        Verdict verdict = judge(realm, user, password);
        assertThat(verdict).isInstanceOf(Verdict.Recognised.class);
        return ((Verdict.Recognised) verdict).identity();
    }
}
