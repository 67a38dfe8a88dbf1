package io.entrepot.auth.realm;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a directory is, and how people and their groups are found in it.
 *
 * @param urls {@code ldap://host[:port]} or {@code ldaps://host[:port]}, all of one kind, the first that answers is asked
 * @param startTls begin TLS on an {@code ldap} connection before anything else is said
 * @param caFile PEM certificates that the directory's must come from; those that the JDK trusts if empty
 * @param account who searches; nobody in particular if empty
 * @param userAttribute holds the name that people log in by, such as {@code uid} or {@code sAMAccountName}
 * @param userFilter must hold of a person, too, such as {@code (objectClass=person)}
 * @param connections how many logins ask at the same time
 */
public record LdapOptions(
        List<URI> urls,
        boolean startTls,
        Optional<Path> caFile,
        Optional<Account> account,
        String baseDn,
        String userAttribute,
        Optional<String> userFilter,
        Groups groups,
        Duration connectTimeout,
        Duration responseTimeout,
        int connections) {

    private static final int MAX_CONNECTIONS = 64;
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

    /** Does not print its password. */
    public record Account(String dn, String password) {
        public Account {
            requireDn(dn);
            require(!password.isEmpty(), "the account that searches the directory has a password");
        }

        @Override
        public String toString() {
            return dn;
        }
    }

    /** How the groups of somebody are found. */
    public sealed interface Groups {}

    /** He has none. */
    public record NoGroups() implements Groups {}

    /** An attribute of his names their DNs; the first value of each is the group's name. */
    public record MemberOf(String attribute) implements Groups {}

    /**
     * They are searched for.
     *
     * @param memberAttribute of a group, such as {@code member}, {@code uniqueMember} or {@code memberUid}
     * @param byName whether that holds names of users, and not their DNs
     * @param nameAttribute holds the group's name, such as {@code cn}
     * @param filter must hold of a group, too
     * @param nested whether the groups that a group is a member of count
     */
    public record Search(
            String baseDn,
            String memberAttribute,
            boolean byName,
            String nameAttribute,
            Optional<String> filter,
            boolean nested)
            implements Groups {
        public Search {
            requireDn(baseDn);
            filter.ifPresent(LdapOptions::requireFilter);
            require(!(byName && nested), "groups that hold names of users hold no groups");
        }
    }

    public LdapOptions {
        urls = List.copyOf(urls);
        require(!urls.isEmpty(), "a directory has at least one URL");
        for (URI url : urls) {
            require(
                    isSecure(url) || "ldap".equals(scheme(url)),
                    "not the URL of a directory, such as ldaps://ldap.example.org: " + url);
            require(url.getHost() != null && url.getUserInfo() == null, "a directory's URL has a host only: " + url);
            require(isSecure(url) == isSecure(urls.get(0)), "the URLs of a directory are all ldap: or all ldaps:");
        }
        require(!(startTls && isSecure(urls.get(0))), "startTls is for ldap: URLs; an ldaps: one has TLS already");
        requireDn(baseDn);
        requireAttribute(userAttribute);
        userFilter.ifPresent(LdapOptions::requireFilter);
        requireTimeout(connectTimeout);
        requireTimeout(responseTimeout);
        require(connections >= 1 && connections <= MAX_CONNECTIONS, "a directory is asked by 1 to 64 connections");
    }

    boolean isSecure() {
        return isSecure(urls.get(0));
    }

    static boolean isSecure(URI url) {
        return "ldaps".equals(scheme(url));
    }

    private static String scheme(URI url) {
        return String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    }

    private static void requireTimeout(Duration timeout) {
        require(
                !timeout.isNegative() && !timeout.isZero() && timeout.compareTo(MAX_TIMEOUT) <= 0,
                "a directory is waited for up to a minute, and for more than nothing");
    }

    private static void requireAttribute(String name) {
        require(name.matches("[A-Za-z][A-Za-z0-9-]{0,63}"), "not the name of an attribute: " + name);
    }

    private static void requireDn(String dn) {
        require(DN.isValidDN(dn), "not a distinguished name: " + dn);
    }

    private static void requireFilter(String filter) {
        try {
            Filter.create(filter);
        } catch (LDAPException e) {
            throw new IllegalArgumentException("not a filter: " + filter, e);
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
