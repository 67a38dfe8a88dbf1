package io.entrepot.server.config;

import io.entrepot.auth.realm.LdapOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code access.ldap}: a directory, in the words of its tools. */
final class LdapSettings {
    private LdapSettings() {}

    /** How groups are found. */
    enum GroupKind {
        NONE,
        MEMBER_OF,
        SEARCH
    }

    static Optional<LdapOptions> read(Section ldap) {
        List<URI> urls = ldap.list("urls", Kind.LDAP_URL, List.of());
        boolean startTls = ldap.value("startTls", Kind.SWITCH, "false");
        Optional<Path> ca = ldap.optional("ca", Kind.PATH);
        Optional<String> bindDn = ldap.optional("bindDn", Kind.TEXT);
        Optional<String> bindPassword = ldap.secret("bindPassword");
        String baseDn = ldap.required("baseDn", Kind.TEXT, "dc=nowhere");
        String userAttribute = ldap.value("userAttribute", Kind.TEXT, "uid");
        Optional<String> userFilter = ldap.optional("userFilter", Kind.TEXT);
        Section groups = ldap.section("groups");
        Optional<LdapOptions.Groups> found = groups(groups, baseDn);
        Duration connect = ldap.value("connectTimeout", Kind.DURATION, "5s");
        Duration response = ldap.value("responseTimeout", Kind.DURATION, "10s");
        int connections = ldap.value("connections", Kind.COUNT, "8");
        return found.flatMap(g -> ldap.made(() -> new LdapOptions(
                urls,
                startTls,
                ca,
                bindDn.map(dn -> new LdapOptions.Account(dn, bindPassword.orElse(""))),
                baseDn,
                userAttribute,
                userFilter,
                g,
                connect,
                response,
                connections)));
    }

    private static Optional<LdapOptions.Groups> groups(Section groups, String baseDn) {
        GroupKind kind = groups.value("by", Kind.oneOf(GroupKind.class), "none");
        return switch (kind) {
            case NONE -> Optional.of(new LdapOptions.NoGroups());
            case MEMBER_OF -> {
                String attribute = groups.value("attribute", Kind.TEXT, "memberOf");
                yield groups.made(() -> new LdapOptions.MemberOf(attribute));
            }
            case SEARCH -> {
                String base = groups.value("baseDn", Kind.TEXT, baseDn);
                String member = groups.value("memberAttribute", Kind.TEXT, "member");
                boolean byName = groups.value("byName", Kind.SWITCH, "false");
                String name = groups.value("nameAttribute", Kind.TEXT, "cn");
                Optional<String> filter = groups.optional("filter", Kind.TEXT);
                boolean nested = groups.value("nested", Kind.SWITCH, "false");
                yield groups.made(() -> new LdapOptions.Search(base, member, byName, name, filter, nested));
            }
        };
    }
}
