package io.entrepot.auth.account;

import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.DocumentStore.Document;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Everything that is kept of accounts, as of one moment. Immutable. */
final class Snapshot {
    private static final int MAX_TRIES = 20;

    /** A record and the document that it was read from. */
    record Kept<T>(T value, Document document) {}

    private final long revision;
    private final Optional<Document> ledger;
    private final long changes;
    private final Map<String, Kept<User>> users;
    private final Map<String, Kept<Role>> roles;
    private final Map<String, Kept<ApiKey>> keys;
    private final Map<String, Kept<Assignment>> assignments;
    private final Map<String, Role> allRoles;
    private final Object rights;

    private Snapshot(
            long revision,
            Optional<Document> ledger,
            Map<String, Kept<User>> users,
            Map<String, Kept<Role>> roles,
            Map<String, Kept<ApiKey>> keys,
            Map<String, Kept<Assignment>> assignments,
            Object rights) {
        this.rights = rights;
        this.revision = revision;
        this.ledger = ledger;
        this.changes = ledger.map(d -> Documents.ledger(d.json())).orElse(0L);
        this.users = users;
        this.roles = roles;
        this.keys = keys;
        this.assignments = assignments;
        this.allRoles = BuiltIn.roles();
        roles.forEach((name, kept) -> {
            if (!name.equals(BuiltIn.ADMIN)) {
                allRoles.put(name, kept.value());
            }
        });
    }

    static Snapshot empty() {
        return new Snapshot(-1, Optional.empty(), Map.of(), Map.of(), Map.of(), Map.of(), new Object());
    }

    /**
     * What is in the store now.
     *
     * @param before what was there a while ago, from which everything is taken that has not changed; itself if nothing has
     */
    static Snapshot read(DocumentStore store, Snapshot before) {
        for (int i = 0; i < MAX_TRIES; i++) {
            long revision = store.revision();
            if (revision == before.revision) {
                return before;
            }
            Optional<Document> ledger = store.get(Documents.LEDGER, Documents.LEDGER_ID);
            Map<String, Kept<User>> users = parse(store.all(Documents.USERS), before.users, Documents::user);
            Map<String, Kept<Role>> roles = parse(store.all(Documents.ROLES), before.roles, Documents::role);
            Map<String, Kept<ApiKey>> keys = parse(store.all(Documents.KEYS), before.keys, Documents::key);
            Map<String, Kept<Assignment>> assignments =
                    parse(store.all(Documents.ASSIGNMENTS), before.assignments, Documents::assignment);
            // Every change writes the ledger: if it stayed as it was, so did all that was read in between.
            if (version(store.get(Documents.LEDGER, Documents.LEDGER_ID)) == version(ledger)) {
                boolean same = users.equals(before.users)
                        && roles.equals(before.roles)
                        && assignments.equals(before.assignments);
                return new Snapshot(
                        revision, ledger, users, roles, keys, assignments, same ? before.rights : new Object());
            }
        }
        throw RegistryException.storage("users and roles change too fast to be read: try again", null);
    }

    private static long version(Optional<Document> document) {
        return document.map(Document::version).orElse(DocumentStore.ABSENT);
    }

    private static <T> Map<String, Kept<T>> parse(
            List<Document> documents, Map<String, Kept<T>> before, Function<String, T> reader) {
        Map<String, Kept<T>> parsed = new TreeMap<>();
        for (Document document : documents) {
            Kept<T> known = before.get(document.id());
            parsed.put(
                    document.id(),
                    known != null && known.document().equals(document)
                            ? known
                            : new Kept<>(read(document, reader), document));
        }
        return parsed;
    }

    private static <T> T read(Document document, Function<String, T> reader) {
        try {
            return reader.apply(document.json());
        } catch (AccountException e) {
            throw RegistryException.storage(
                    "the document " + document.collection() + "/" + document.id() + " is not understood: "
                            + e.getMessage(),
                    e);
        }
    }

    boolean olderThan(Snapshot other) {
        return revision < other.revision;
    }

    /** The same object for as long as nobody's rights have changed, whatever else the store took. */
    Object rights() {
        return rights;
    }

    /** The version of the ledger that this was read under. */
    long ledgerVersion() {
        return version(ledger);
    }

    /** How many changes there have ever been. */
    long changes() {
        return changes;
    }

    Optional<User> user(String name) {
        return value(users, name);
    }

    Optional<ApiKey> key(String id) {
        return value(keys, id);
    }

    Optional<Role> role(String name) {
        return Optional.ofNullable(allRoles.get(name));
    }

    Optional<Assignment> assignment(Assignee to) {
        return value(assignments, Documents.id(to));
    }

    Collection<Role> roles() {
        return allRoles.values();
    }

    List<User> users() {
        return values(users);
    }

    List<ApiKey> keys() {
        return values(keys);
    }

    List<Assignment> assignments() {
        return values(assignments);
    }

    /** The version that a change of this document has seen. */
    long seen(String collection, String id) {
        Map<String, ? extends Kept<?>> kept = switch (collection) {
            case Documents.USERS -> users;
            case Documents.ROLES -> roles;
            case Documents.KEYS -> keys;
            case Documents.ASSIGNMENTS -> assignments;
            default -> throw new IllegalArgumentException("not a collection of accounts: " + collection);
        };
        Kept<?> found = kept.get(id);
        return found == null ? DocumentStore.ABSENT : found.document().version();
    }

    /** The names of the roles that were given to a principal and to the groups that he is in. */
    Set<String> rolesOf(Principal principal, Set<String> groups) {
        Set<String> names = new HashSet<>();
        if (principal.realm().isEmpty()) {
            return names;
        }
        if (principal.realm().equals(User.REALM)) {
            user(principal.name()).ifPresent(u -> names.addAll(u.roles()));
        } else {
            assignment(new Assignee.One(principal)).ifPresent(a -> names.addAll(a.roles()));
        }
        for (String group : groups) {
            assignment(new Assignee.Group(principal.realm(), group)).ifPresent(a -> names.addAll(a.roles()));
        }
        return names;
    }

    /** What these roles allow, with all that they contain. Names of roles that there are not allow nothing. */
    List<Privilege> privileges(Collection<String> names) {
        List<Privilege> privileges = new ArrayList<>();
        for (String name : withContained(names)) {
            role(name).ifPresent(r -> privileges.addAll(r.privileges()));
        }
        return privileges;
    }

    /** These roles and those that they contain, however deep; a cycle is walked once. */
    Set<String> withContained(Collection<String> names) {
        Set<String> reached = new HashSet<>(names);
        Deque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            role(open.remove()).map(Role::roles).orElse(Set.of()).forEach(inner -> {
                if (reached.add(inner)) {
                    open.add(inner);
                }
            });
        }
        return reached;
    }

    /** This one after a commit of some changes of accounts, as it will be read again. */
    Snapshot with(List<DocumentStore.Change> changes) {
        return new Snapshot(
                revision,
                ledger,
                apply(changes, Documents.USERS, users, Documents::user),
                apply(changes, Documents.ROLES, roles, Documents::role),
                apply(changes, Documents.KEYS, keys, Documents::key),
                apply(changes, Documents.ASSIGNMENTS, assignments, Documents::assignment),
                new Object());
    }

    private static <T> Map<String, Kept<T>> apply(
            List<DocumentStore.Change> changes,
            String collection,
            Map<String, Kept<T>> before,
            Function<String, T> reader) {
        Map<String, Kept<T>> after = new TreeMap<>(before);
        for (DocumentStore.Change change : changes) {
            if (!change.collection().equals(collection)) {
                continue;
            }
            if (change instanceof DocumentStore.Put put) {
                Document document = new Document(collection, put.id(), put.seen() + 1, put.json());
                after.put(put.id(), new Kept<>(reader.apply(put.json()), document));
            } else {
                after.remove(change.id());
            }
        }
        return after;
    }

    private static <T> Optional<T> value(Map<String, Kept<T>> kept, String id) {
        return Optional.ofNullable(kept.get(id)).map(Kept::value);
    }

    private static <T> List<T> values(Map<String, Kept<T>> kept) {
        return kept.values().stream().map(Kept::value).toList();
    }
}
