package io.entrepot.auth.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Principal;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.TagPattern;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.memory.MemoryDocuments;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The compiled policy against one that walks all roles and asks each privilege, over random ones, cycles included. */
class PolicyModelTest {
    private static final List<RegistryId> REGISTRIES = List.of(
            new RegistryId("private", RegistryId.Kind.HOSTED),
            new RegistryId("team-a", RegistryId.Kind.HOSTED),
            new RegistryId("hub", RegistryId.Kind.PROXY),
            new RegistryId("all", RegistryId.Kind.GROUP));
    private static final List<String> SELECTORS =
            List.of("private", "hub", "team-a", "team-*", "*a*", "*", "type=hosted", "type=proxy", "type=group");
    private static final List<String> NAMES = List.of(
            "a", "ab", "a/b", "a/bc", "a/b/c", "b", "b/a", "team/alice/x", "team/bob/x", "team/alice", "x/y/z/a");
    private static final List<String> PATTERNS = List.of(
            "**",
            "*",
            "a",
            "a/**",
            "a/*",
            "a**",
            "*/b",
            "**/a",
            "?",
            "a/b/c",
            "a/b*",
            "team/{user}/**",
            "{user}",
            "team/*/x",
            "x/**/a",
            "b/?");
    // For each two patterns that have a tag in common, one of these is such a tag.
    private static final List<String> TAGS = List.of("v1", "v1-rc", "latest", "x1", "a-rc", "v", "w");
    private static final List<String> TAG_PATTERNS = List.of("v*", "v1", "*-rc", "latest", "?1", "*", "w");
    private static final List<String> ROLES = List.of("r0", "r1", "r2", "r3", "r4", "anonymous");
    private static final List<String> GROUPS = List.of("g0", "g1");

    @RegisterExtension
    final Seed seed = new Seed();

    private final Random random = seed.random();
    private final Map<String, Role> roles = new TreeMap<>();
    private final Map<String, Set<String>> given = new TreeMap<>();
    private final Set<RegistryId> open = new HashSet<>();

    @Test
    void the_compiled_policy_is_the_naive_one() {
        for (int round = 0; round < 60; round++) {
            Policy policy = somePolicy();
            for (int i = 0; i < 6; i++) {
                compare(policy, someIdentity());
            }
        }
    }

    private Policy somePolicy() {
        roles.clear();
        given.clear();
        open.clear();
        REGISTRIES.stream().filter(r -> random.nextBoolean()).forEach(open::add);
        List<DocumentStore.Change> changes = new ArrayList<>();
        for (String name : ROLES) {
            // Written past all checks, so that there are cycles and roles that do not exist.
            Role role = Role.of(name, "", privileges(6), some(List.of("r0", "r1", "r2", "r3", "r4", "gone"), 2));
            roles.put(name, role);
            changes.add(new DocumentStore.Put(Documents.ROLES, name, 0, Documents.write(role)));
        }
        for (String user : List.of("alice", "bob")) {
            assign(changes, new Assignee.One(new Principal("ldap", user)));
        }
        for (String group : GROUPS) {
            assign(changes, new Assignee.Group("ldap", group));
        }
        DocumentStore documents = new MemoryDocuments();
        documents.commit(changes);
        return new Directory(documents, new SettableClock(), open::contains).policy();
    }

    private void assign(List<DocumentStore.Change> changes, Assignee to) {
        Set<String> has = some(List.of("r0", "r1", "r2", "r3", "r4", "gone"), 2);
        given.put(to.toString(), has);
        changes.add(new DocumentStore.Put(
                Documents.ASSIGNMENTS, Documents.id(to), 0, Documents.write(new Assignment(to, has, 1))));
    }

    private Identity someIdentity() {
        return new Identity(
                new Principal("ldap", random.nextBoolean() ? "alice" : "bob"),
                some(GROUPS, 2),
                random.nextInt(3) == 0 ? Optional.of(privileges(5)) : Optional.empty(),
                Optional.empty());
    }

    private List<Privilege> privileges(int most) {
        List<Privilege> privileges = new ArrayList<>();
        for (int i = random.nextInt(most); i > 0; i--) {
            privileges.add(privilege());
        }
        return privileges;
    }

    private Privilege privilege() {
        if (random.nextInt(6) == 0) {
            return new Privilege.Admin(one(List.of(Domain.values())), random.nextBoolean());
        }
        EnumSet<Action> actions = EnumSet.of(one(List.of(Action.values())), one(List.of(Action.values())));
        return new Privilege.Content(
                actions,
                RegistrySelector.parse(one(SELECTORS)),
                new RepositoryPattern(one(PATTERNS)),
                random.nextInt(3) == 0 ? Optional.of(new TagPattern(one(TAG_PATTERNS))) : Optional.empty());
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Set<String> some(List<String> of, int most) {
        Set<String> some = new HashSet<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            some.add(one(of));
        }
        return some;
    }

    private void compare(Policy policy, Identity who) {
        Set<String> names = new HashSet<>(given.getOrDefault(who.principal().id(), Set.of()));
        who.groups().forEach(g -> names.addAll(given.getOrDefault("group ldap/" + g, Set.of())));
        Set<Privilege> own = naive(names, new HashSet<>());
        Set<Privilege> anonymous = naive(Set.of("anonymous"), new HashSet<>());
        String user = who.principal().name();
        for (Domain domain : Domain.values()) {
            boolean restricted = who.restriction()
                    .map(r -> r.contains(new Privilege.Admin(domain, true)))
                    .orElse(true);
            assertThat(policy.rights(who).administers(domain))
                    .isEqualTo(own.contains(new Privilege.Admin(domain, true)) && restricted);
        }
        for (RegistryId registry : REGISTRIES) {
            Access access = policy.rights(who).in(registry);
            for (Action action : Action.values()) {
                for (String name : NAMES) {
                    compareName(who, own, anonymous, user, registry, access, action, new RepositoryName(name));
                }
            }
        }
    }

    private void compareName(
            Identity who,
            Set<Privilege> own,
            Set<Privilege> anonymous,
            String user,
            RegistryId registry,
            Access access,
            Action action,
            RepositoryName name) {
        List<Privilege.Content> mine = matching(own, user, registry, action, name);
        if (open.contains(registry)) {
            mine.addAll(matching(anonymous, "", registry, action, name));
        }
        Optional<List<Privilege.Content>> left = who.restriction().map(r -> matching(r, user, registry, action, name));
        boolean any = false;
        for (String text : TAGS) {
            Tag tag = new Tag(text);
            boolean expected =
                    allows(mine, tag) && left.map(l -> allows(l, tag)).orElse(true);
            assertThat(access.allows(action, name, tag))
                    .as("%s %s %s %s %s", who, registry, action, name, tag)
                    .isEqualTo(expected);
            any |= expected;
        }
        assertThat(access.allows(action, name))
                .as("%s %s %s %s", who, registry, action, name)
                .isEqualTo(any);
        assertThat(access.allowsWholly(action, name))
                .isEqualTo(wholly(mine) && left.map(PolicyModelTest::wholly).orElse(true));
    }

    private static boolean allows(List<Privilege.Content> privileges, Tag tag) {
        return privileges.stream()
                .anyMatch(p -> p.tags().map(t -> t.matches(tag)).orElse(true));
    }

    private static boolean wholly(List<Privilege.Content> privileges) {
        return privileges.stream().anyMatch(p -> p.tags().isEmpty());
    }

    private static List<Privilege.Content> matching(
            Iterable<Privilege> privileges, String user, RegistryId registry, Action action, RepositoryName name) {
        List<Privilege.Content> matching = new ArrayList<>();
        for (Privilege privilege : privileges) {
            if (privilege instanceof Privilege.Content c
                    && c.actions().contains(action)
                    && c.registries().selects(registry)
                    && (!user.isEmpty() || !c.names().glob().contains("{user}"))
                    && new RepositoryPattern(c.names().glob().replace("{user}", user)).matches(name)) {
                matching.add(c);
            }
        }
        return matching;
    }

    private Set<Privilege> naive(Set<String> names, Set<String> seen) {
        Set<Privilege> privileges = new HashSet<>();
        for (String name : names) {
            Role role = roles.get(name);
            if (role != null && seen.add(name)) {
                privileges.addAll(role.privileges());
                privileges.addAll(naive(role.roles(), seen));
            }
        }
        return privileges;
    }
}
