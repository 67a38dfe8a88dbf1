package io.entrepot.auth.realm;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import io.entrepot.auth.account.ApiKeys;
import io.entrepot.auth.account.Identity;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * People of a directory, who are searched for by their name and then have to bind with their password. Their groups are
 * those of this moment. Whatever way a name is written, it is one principal: as the directory has it, in lower case.
 */
public final class LdapRealm implements Realm, AutoCloseable {
    public static final String NAME = "ldap";

    private static final int MAX_NAME = 200;
    private static final int MAX_SECRET = 1024;
    /** Bound to where nobody is found, so that this takes as many questions as a wrong password. */
    private static final String NOBODY = "cn=entrepot-knows-nobody-of-this-name,";
    /** What a directory says to the person, not to us. */
    private static final Set<ResultCode> REFUSALS = Set.of(
            ResultCode.INVALID_CREDENTIALS,
            ResultCode.NO_SUCH_OBJECT,
            ResultCode.INAPPROPRIATE_AUTHENTICATION,
            ResultCode.CONSTRAINT_VIOLATION,
            ResultCode.UNWILLING_TO_PERFORM,
            ResultCode.INSUFFICIENT_ACCESS_RIGHTS);

    /** Somebody in the directory, by the name that it has for him. */
    private record Person(Entry entry, String name) {}

    /** Who has this name, and whether he let himself be bound. */
    private record Attempt(List<Person> people, boolean bound) {}

    private final LdapOptions options;
    private final LdapGroups groups;
    private final LdapServers servers;

    /**
     * Connects when somebody logs in; the connections are closed with this.
     *
     * @throws IllegalArgumentException if the file of CA certificates cannot be read
     */
    public LdapRealm(LdapOptions options, InstantSource clock) {
        this.options = options;
        this.groups = new LdapGroups(options.groups());
        this.servers = new LdapServers(options, clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict judge(Credentials credentials, Visit visit) {
        if (!(credentials instanceof Credentials.Password password)
                || ApiKeys.looksLikeOne(password.secret())
                || !isName(password.user())) {
            return new Verdict.NotMine();
        }
        // With an empty password a directory lets everybody in, as nobody in particular (RFC 4513, 5.1.2).
        if (password.secret().isEmpty() || password.secret().length() > MAX_SECRET) {
            return new Verdict.Wrong("no password");
        }
        Attempt attempt = servers.ask(connection -> attempt(connection, password), true);
        if (attempt.people().isEmpty()) {
            return new Verdict.NotMine();
        }
        if (attempt.people().size() > 1) {
            return new Verdict.Wrong("several people have this name");
        }
        return attempt.bound() ? recognised(attempt.people().get(0)) : new Verdict.Wrong("wrong password");
    }

    private static boolean isName(String user) {
        return !user.isBlank()
                && user.length() <= MAX_NAME
                && user.chars().noneMatch(Character::isISOControl)
                && !user.equals(ApiKeyRealm.ANY_USER);
    }

    private Attempt attempt(LDAPConnection connection, Credentials.Password password) throws LDAPException {
        List<Person> people = find(connection, password.user().strip());
        String dn = people.size() == 1 ? people.get(0).entry().getDN() : NOBODY + options.baseDn();
        boolean bound = binds(connection, dn, password.secret());
        return new Attempt(people, bound && people.size() == 1);
    }

    /** Only who is called so to the letter: directories find people by more spellings than failures are counted for. */
    private List<Person> find(LDAPConnection connection, String user) throws LDAPException {
        List<Person> people = new ArrayList<>();
        for (Entry entry : search(connection, user)) {
            String[] names = entry.getAttributeValues(options.userAttribute());
            if (names != null && Arrays.stream(names).map(LdapRealm::plain).anyMatch(plain(user)::equals)) {
                people.add(new Person(entry, plain(names[0])));
            }
        }
        return people;
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private List<? extends Entry> search(LDAPConnection connection, String user) throws LDAPException {
        Filter named = Filter.createEqualityFilter(options.userAttribute(), user);
        Filter filter = options.userFilter().isPresent()
                ? Filter.createANDFilter(Filter.create(options.userFilter().get()), named)
                : named;
        List<String> attributes = new ArrayList<>(List.of(options.userAttribute()));
        groups.attribute().ifPresent(attributes::add);
        SearchRequest request =
                new SearchRequest(options.baseDn(), SearchScope.SUB, filter, attributes.toArray(String[]::new));
        request.setSizeLimit(2);
        try {
            return connection.search(request).getSearchEntries();
        } catch (LDAPSearchException e) {
            if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
                return e.getSearchEntries();
            }
            throw e;
        }
    }

    private static boolean binds(LDAPConnection connection, String dn, String secret) throws LDAPException {
        try {
            connection.bind(dn, secret);
            return true;
        } catch (LDAPException e) {
            if (REFUSALS.contains(e.getResultCode())) {
                return false;
            }
            throw e;
        }
    }

    private Verdict recognised(Person person) {
        Set<String> his = servers.ask(connection -> groups.of(person.entry(), person.name(), connection), false);
        return new Verdict.Recognised(
                new Identity(new Principal(NAME, person.name()), his, Optional.empty(), Optional.empty()));
    }

    @Override
    public void close() {
        servers.close();
    }
}
