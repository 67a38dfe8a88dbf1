package io.entrepot.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.auth.account.Identity;
import io.entrepot.core.Principal;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.access.Rights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody who administers users and roles, and is nobody besides, tries everything at random. Whatever is granted him:
 * neither he nor anybody whom he can log in as may do more than he could at the beginning.
 */
class EscalationTest {
    private static final int STEPS = 250;
    private static final RegistryId PRIVATE = new RegistryId("private", RegistryId.Kind.HOSTED);
    private static final RegistryId HUB = new RegistryId("hub", RegistryId.Kind.PROXY);
    private static final List<String> PRIVILEGES = List.of(
            "*:*:**",
            "pull:private:team/**",
            "read:private:team/a",
            "push:private:team/**",
            "pull:*:**",
            "read:type=proxy:**",
            "delete:private:team/a:v*",
            "read:private:{user}/**",
            "admin:users",
            "admin:roles",
            "admin:settings",
            "admin:audit:read",
            "nx-repository-view-docker-private-*");
    private static final List<String> NAMES = List.of("mallory", "root", "alice", "x", "y", "robot$z");
    private static final List<String> ROLES =
            List.of("admin", "deployer", "reader", "anonymous", "delegate", "r1", "r2", "team-admin");
    private static final List<String> GROUPS = List.of("ldap/mallory", "group:ldap/devs", "local/mallory");

    static List<Long> seeds() {
        Long one = Long.getLong("seed");
        return one == null ? List.of(1L, 2L, 3L, 4L) : List.of(one);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_delegated_administrator_gains_nothing(long seed) {
        TestAdmin admin = new TestAdmin();
        admin.system("POST", "/users", "{'name':'root','password':'correct horse','roles':['admin']}");
        admin.system("POST", "/users", "{'name':'alice','password':'correct horse','roles':['deployer']}");
        admin.system(
                "POST",
                "/roles",
                "{'name':'delegate','privileges':['admin:users','admin:roles','pull:private:team/**']}");
        admin.system("POST", "/users", "{'name':'mallory','password':'correct horse','roles':['delegate']}");
        Caller mallory = admin.caller("mallory");
        Set<String> before = powers(mallory.rights());
        Set<String> ofAll = powers(admin.directory.policy().rights(Identity.of(new Principal("oidc", "stranger"))));
        Set<String> owned = new TreeSet<>(Set.of("mallory"));
        Random random = new Random(seed);
        int done = 0;
        for (int i = 0; i < STEPS; i++) {
            Step step = step(random);
            if (step.endsHimself()) {
                continue;
            }
            Answer answer = admin.ask(mallory, step.method(), step.target(), step.body());
            assertThat(answer.status()).as(step + " " + answer.json()).isLessThan(500);
            if (answer.good() && !step.method().equals("GET")) {
                done++;
                step.taken().forEach(owned::add);
            }
            for (String name : owned) {
                Rights now = admin.directory.policy().rights(Identity.of(new Principal("local", name)));
                assertThat(before)
                        .as("seed " + seed + ": " + name + " after " + step)
                        .containsAll(powers(now));
            }
            assertThat(powers(admin.directory.policy().rights(Identity.of(new Principal("oidc", "stranger")))))
                    .as("what all have, after " + step)
                    .isSubsetOf(union(before, ofAll));
            assertThat(admin.caller("root").rights().administers(Domain.SETTINGS))
                    .isTrue();
        }
        assertThat(done).as("some of it was allowed").isGreaterThan(10);
    }

    /** @param taken whom he can log in as, if it was allowed */
    private record Step(String method, String target, String body, List<String> taken) {
        /** After that nothing would be allowed him any more, and nothing be tried. */
        private boolean endsHimself() {
            return target.equals("/users/mallory") && (method.equals("DELETE") || body.contains("false"));
        }
    }

    private static Step step(Random random) {
        String name = any(NAMES, random);
        String role = any(ROLES, random);
        String path = name.replace("$", "%24");
        return switch (random.nextInt(12)) {
            case 0 ->
                new Step(
                        "POST",
                        "/users",
                        "{'name':'" + name + "','kind':'" + (name.startsWith("robot") ? "robot" : "person")
                                + "','roles':['" + role + "']}",
                        List.of(name));
            case 1 -> new Step("PUT", "/users/" + path + "/password", "{}", List.of(name));
            case 2 -> new Step("POST", "/users/" + path + "/keys", "{}", List.of(name));
            case 3 -> new Step("POST", "/assignments", "{'to':'" + name + "','role':'" + role + "'}", List.of());
            case 4 ->
                new Step(
                        "POST",
                        "/assignments",
                        "{'to':'" + any(GROUPS, random) + "','role':'" + role + "'}",
                        List.of());
            case 5 -> new Step("DELETE", "/assignments?to=" + path + "&role=" + role, "", List.of());
            case 6, 7 ->
                new Step(
                        "POST",
                        "/roles",
                        "{'name':'" + role + "','privileges':['" + any(PRIVILEGES, random) + "'],'roles':["
                                + (random.nextBoolean() ? "'" + any(ROLES, random) + "'" : "") + "]}",
                        List.of());
            case 8 ->
                new Step(
                        "PATCH",
                        "/roles/" + role,
                        "{'privileges':['" + any(PRIVILEGES, random) + "','" + any(PRIVILEGES, random) + "']}",
                        List.of());
            case 9 -> new Step("PATCH", "/roles/" + role, "{'roles':['" + any(ROLES, random) + "']}", List.of());
            case 10 -> new Step("PATCH", "/users/" + path, "{'enabled':" + random.nextBoolean() + "}", List.of());
            default ->
                random.nextInt(3) == 0
                        ? new Step("DELETE", "/users/" + path, "", List.of())
                        : new Step("POST", "/me/keys", "{'only':['" + any(PRIVILEGES, random) + "']}", List.of());
        };
    }

    private static String any(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    /** What somebody can do, as far as a few questions tell. */
    private static Set<String> powers(Rights rights) {
        Set<String> powers = new TreeSet<>();
        for (Domain domain : Domain.values()) {
            if (rights.sees(domain)) {
                powers.add("sees " + domain);
            }
            if (rights.administers(domain)) {
                powers.add("administers " + domain);
            }
        }
        for (RegistryId registry : List.of(PRIVATE, HUB)) {
            for (String name : new ArrayList<>(List.of("team/a", "team/b/c", "x/y", "mallory/m", "library/alpine"))) {
                for (Action action : Action.values()) {
                    if (rights.in(registry).allows(action, new RepositoryName(name))) {
                        powers.add(action + " " + registry + "/" + name);
                    }
                }
            }
        }
        return powers;
    }
}
