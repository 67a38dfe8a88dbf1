package io.entrepot.auth.realm;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds somebody's groups in a directory: at most a thousand, and circles are walked once. */
final class LdapGroups {
    private static final int MAX_GROUPS = 1000;

    private final LdapOptions.Groups rule;

    LdapGroups(LdapOptions.Groups rule) {
        this.rule = rule;
    }

    /** What has to be read of a person for {@link #of}. */
    Optional<String> attribute() {
        return rule instanceof LdapOptions.MemberOf memberOf ? Optional.of(memberOf.attribute()) : Optional.empty();
    }

    Set<String> of(Entry person, String name, LDAPConnection connection) throws LDAPException {
        if (rule instanceof LdapOptions.MemberOf memberOf) {
            return firstValues(person, memberOf.attribute());
        }
        return rule instanceof LdapOptions.Search search
                ? search(search, search.byName() ? name : person.getDN(), connection)
                : Set.of();
    }

    private static Set<String> firstValues(Entry person, String attribute) throws LDAPException {
        Attribute groups = person.getAttribute(attribute);
        Set<String> names = new HashSet<>();
        for (String dn : groups == null ? new String[0] : groups.getValues()) {
            RDN first = new DN(dn).getRDN();
            if (first != null && names.size() < MAX_GROUPS) {
                names.add(first.getAttributeValues()[0]);
            }
        }
        return names;
    }

    private static Set<String> search(LdapOptions.Search search, String member, LDAPConnection connection)
            throws LDAPException {
        Set<String> names = new HashSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> members = new ArrayDeque<>();
        members.add(member);
        while (!members.isEmpty() && seen.size() < MAX_GROUPS) {
            for (Entry group : groupsOf(search, members.remove(), connection)) {
                String name = group.getAttributeValue(search.nameAttribute());
                if (name != null) {
                    names.add(name);
                }
                if (seen.add(DN.normalize(group.getDN())) && search.nested()) {
                    members.add(group.getDN());
                }
            }
        }
        return names;
    }

    private static Iterable<? extends Entry> groupsOf(
            LdapOptions.Search search, String member, LDAPConnection connection) throws LDAPException {
        Filter holds = Filter.createEqualityFilter(search.memberAttribute(), member);
        Filter filter = search.filter().isPresent()
                ? Filter.createANDFilter(Filter.create(search.filter().get()), holds)
                : holds;
        SearchRequest request = new SearchRequest(search.baseDn(), SearchScope.SUB, filter, search.nameAttribute());
        return connection.search(request).getSearchEntries();
    }
}
