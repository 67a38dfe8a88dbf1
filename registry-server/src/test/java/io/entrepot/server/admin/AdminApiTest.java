package io.entrepot.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.Privilege;
import io.entrepot.auth.account.PrivilegeNotation;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Audit;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.Proof;
import io.entrepot.core.access.Visit;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminApiTest {
    private final TestAdmin admin = new TestAdmin();

    @BeforeEach
    void people() {
        person("root", "admin");
        person("nobody");
        for (Domain domain : Domain.values()) {
            String word = PrivilegeNotation.print(new Privilege.Admin(domain, true));
            String name = "admin-of-" + domain.ordinal();
            admin.system("POST", "/roles", "{'name':'" + name + "','privileges':['" + word + "']}");
            person(name, name);
            String seer = "seer-of-" + domain.ordinal();
            admin.system("POST", "/roles", "{'name':'" + seer + "','privileges':['" + word + ":read']}");
            person(seer, seer);
        }
        admin.system("POST", "/users/nobody/keys", "{'label':'a key'}");
    }

    private void person(String name, String... roles) {
        String list = roles.length == 0 ? "" : "'" + String.join("','", roles) + "'";
        Answer made = admin.system(
                "POST", "/users", "{'name':'" + name + "','password':'correct horse','roles':[" + list + "]}");
        assertThat(made.status()).as(made.json()).isEqualTo(201);
    }

    @Test
    void no_route_answers_somebody_who_did_not_log_in() {
        Caller nobody = Caller.anonymous(admin.directory.policy().anonymous());
        Caller token = new Caller(
                admin.caller("root").principal(),
                Proof.TOKEN,
                admin.caller("root").rights(),
                Access.ALL);
        for (Route route : admin.api.routes()) {
            assertThat(ask(nobody, route).status()).as(route.toString()).isEqualTo(401);
            assertThat(ask(token, route).status())
                    .as(route + " by a registry's token")
                    .isEqualTo(401);
        }
        assertThat(admin.ask(nobody, "GET", "/no/such/path", "").status()).isEqualTo(401);
    }

    @Test
    void every_route_but_those_about_oneself_asks_for_a_right_in_its_domain() {
        for (Route route : admin.api.routes()) {
            if (route.need() instanceof Need.Login) {
                assertThat(route.path().get(0)).isEqualTo("me");
                assertThat(ask(admin.caller("nobody"), route).status())
                        .as(route.toString())
                        .isNotIn(401, 403, 405);
                continue;
            }
            Domain needed =
                    route.need() instanceof Need.Sees sees ? sees.domain() : ((Need.Administers) route.need()).domain();
            assertThat(route.need() instanceof Need.Sees)
                    .as(route + ": what only reads is GET, and GET only reads")
                    .isEqualTo(route.method().equals("GET"));
            for (Domain domain : Domain.values()) {
                boolean reads = route.need() instanceof Need.Sees && domain == needed;
                assertThat(ask(admin.caller("seer-of-" + domain.ordinal()), route)
                                        .status()
                                == 403)
                        .as(route + " by who sees " + domain)
                        .isEqualTo(!reads);
                if (domain != needed) {
                    assertThat(ask(admin.caller("admin-of-" + domain.ordinal()), route)
                                    .status())
                            .as(route + " by who administers " + domain)
                            .isEqualTo(403);
                }
            }
            assertThat(ask(admin.caller("nobody"), route).status())
                    .as(route.toString())
                    .isEqualTo(403);
            assertThat(ask(admin.caller("root"), route).status())
                    .as(route.toString())
                    .isNotIn(401, 403, 405, 500);
        }
    }

    /** With names that lead nowhere, so that it changes nothing, and a body of which nothing is expected. */
    private Answer ask(Caller caller, Route route) {
        String path =
                String.join("/", route.path()).replace("{name}", "no.such").replace("{id}", "000000000000");
        return admin.ask(caller, route.method(), "/" + path, route.takesBody() ? "{'unexpected':1}" : "");
    }

    @Test
    void a_field_that_nobody_expects_is_named_wherever_it_is_sent() {
        for (Route route : admin.api.routes()) {
            if (route.takesBody()) {
                String path = String.join("/", route.path()).replace("{name}", "nobody");
                Answer answer = admin.ask(admin.caller("root"), route.method(), "/" + path, "{'is_admin':true}");
                assertThat(answer.status()).as(route.toString()).isEqualTo(400);
                assertThat(error(answer).get("detail").getAsString()).isEqualTo("is_admin");
            } else if (route.method().equals("GET") && !route.path().contains("{name}")) {
                String path = String.join("/", route.path()) + "?is_admin=true";
                Answer answer = admin.ask(admin.caller("root"), "GET", "/" + path, "");
                assertThat(answer.status()).as(route.toString()).isEqualTo(400);
            }
        }
    }

    @Test
    void a_body_is_json_in_one_way_only() {
        List<String> wrong = List.of(
                "{'name':'a','name':'b'}",
                "{'name':'a'} {}",
                "['name']",
                "{name:'a'}",
                "'name'",
                "{",
                "{'name':'a',}",
                "null");
        for (String body : wrong) {
            assertThat(admin.system("POST", "/roles", body).status()).as(body).isEqualTo(400);
        }
        assertThat(admin.system("POST", "/roles", "").status()).isEqualTo(400);
        assertThat(admin.system("GET", "/roles", "{}").status()).isEqualTo(400);
        assertThat(admin.system("POST", "/users", "{'name':'x','enabled':false}")
                        .status())
                .isEqualTo(400);
        assertThat(admin.system("PATCH", "/users/nobody", "{'enabled':'no'}").status())
                .isEqualTo(400);
    }

    @Test
    void another_method_is_told_which_there_are() {
        Answer answer = admin.system("PUT", "/roles", "{}");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.allow()).isEqualTo("GET, POST");
    }

    @Test
    void a_key_is_revoked_only_by_the_path_of_its_owner() {
        String id = admin.directory.keys().get(0).id();

        assertThat(admin.system("DELETE", "/users/root/keys/" + id, "").status())
                .isEqualTo(404);
        assertThat(admin.ask(admin.caller("seer-of-0"), "DELETE", "/me/keys/" + id, "")
                        .status())
                .isEqualTo(404);
        assertThat(admin.ask(admin.caller("nobody"), "DELETE", "/me/keys/" + id, "")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void everybody_changes_his_own_password_if_he_knows_it() {
        Caller nobody = admin.caller("nobody");
        assertThat(admin.ask(nobody, "PUT", "/me/password", "{'old':'wrong','password':'battery staple'}")
                        .status())
                .isEqualTo(400);
        assertThat(admin.ask(nobody, "PUT", "/me/password", "{'old':'correct horse','password':'battery staple'}")
                        .status())
                .isEqualTo(200);
        assertThat(admin.system("PUT", "/me/password", "{'old':'a','password':'battery staple'}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void a_key_that_is_good_for_little_makes_no_others() {
        admin.system("POST", "/assignments", "{'to':'nobody','role':'deployer'}");
        Identity limited = new Identity(
                admin.caller("nobody").principal(),
                Set.of(),
                Optional.of(List.of(PrivilegeNotation.parse("read:private:team/**"))),
                Optional.of("k"));
        Caller key = new Caller(
                limited.principal(), Proof.BASIC, admin.directory.policy().rights(limited), Access.ALL);

        assertThat(admin.ask(key, "POST", "/me/keys", "{'label':'more'}").status())
                .isEqualTo(403);
        assertThat(admin.ask(key, "POST", "/me/keys", "{'only':['read:private:team/a/**']}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void secrets_are_said_once_and_hashes_never() {
        JsonObject user = object(admin.system("POST", "/users", "{'name':'alice'}"));
        String password = user.get("password").getAsString();
        String key = object(admin.system("POST", "/users/alice/keys", "{}"))
                .get("secret")
                .getAsString();
        assertThat(object(admin.system("POST", "/users", "{'name':'bob','password':'correct horse'}"))
                        .has("password"))
                .isFalse();

        for (Route route : admin.api.routes()) {
            if (route.method().equals("GET")) {
                String path = "/" + String.join("/", route.path()).replace("{name}", "alice");
                for (Caller caller : List.of(admin.caller("root"), admin.caller("alice"))) {
                    assertThat(admin.ask(caller, "GET", path, "").json())
                            .as(path)
                            .doesNotContain(password, key, "$argon2", "Hash");
                }
            }
        }
        assertThat(admin.events.toString()).doesNotContain(password, key, "correct horse");
        assertThat(new Answer(200, password).toString()).doesNotContain(password);
    }

    @Test
    void privileges_are_there_for_every_registry_and_found_by_a_word() {
        String found = admin.system("GET", "/privileges?search=Docker", "").json();
        assertThat(found)
                .contains("nx-repository-view-docker-*-read", "nx-repository-view-docker-hub-*", "add:private:**");
        assertThat(admin.system("GET", "/privileges?search=hub", "").json())
                .contains("hub")
                .doesNotContain("private");

        String names =
                "'nx-repository-view-docker-hub-read','nx-repository-admin-docker-*-read','nx-repository-view-docker-later-*'";
        assertThat(admin.system("POST", "/roles", "{'name':'nexus','privileges':[" + names + "]}")
                        .json())
                .contains("read:hub:**", "admin:registries:read", "*:later:**");
    }

    @Test
    void explain_says_what_somebody_may_do_and_by_which_role() {
        admin.system("POST", "/roles", "{'name':'team','privileges':['pull:private:team/**:v*'],'roles':[]}");
        admin.system("POST", "/roles", "{'name':'outer','roles':['team']}");
        admin.system("POST", "/assignments", "{'to':'nobody','role':'outer'}");

        String with = "/access/explain?user=nobody&repository=team/app&action=read&tag=";
        assertThat(admin.system("GET", with + "v1", "").json()).contains("\"allowed\":true", "\"by\":[\"outer\"]");
        assertThat(admin.system("GET", with + "latest", "").json()).contains("\"allowed\":false", "\"by\":[]");
        assertThat(admin.system("GET", with + "v1&registry=hub", "").json()).contains("\"allowed\":false");
        assertThat(admin.system("GET", with + "v1&registry=none", "").status()).isEqualTo(404);
        assertThat(admin.system("GET", "/access/explain?user=no.such&repository=a", "")
                        .status())
                .isEqualTo(404);

        admin.system("POST", "/assignments", "{'to':'group:ldap/devs','role':'reader'}");
        String foreign = "/access/explain?user=ldap%2Feve&repository=a&action=read";
        assertThat(admin.system("GET", foreign, "").json()).contains("\"allowed\":false");
        assertThat(admin.system("GET", foreign + "&group=devs", "").json()).contains("\"allowed\":true", "reader");
    }

    @Test
    void keys_rotate_and_realms_are_told() {
        assertThat(admin.ask(admin.caller("root"), "POST", "/keys/rotate", "{}").status())
                .isEqualTo(200);
        assertThat(admin.rotations).containsExactly(admin.caller("root").principal());
        assertThat(admin.system("GET", "/realms", "").json()).contains("{\"name\":\"ldap\",\"active\":false}");
    }

    @Test
    void what_is_refused_is_noted_with_where_it_came_from() {
        Visit visit = new Visit(InetAddress.getLoopbackAddress(), "main", "r-1");
        Caller nobody = admin.caller("nobody");
        admin.events.clear();

        admin.api.handle(new AdminRequest("DELETE", "/users/root", Optional.empty(), nobody, Optional.of(visit)));
        assertThat(admin.events).singleElement().satisfies(event -> {
            assertThat(event.principal()).isEqualTo(nobody.principal());
            assertThat(event.outcome()).isEqualTo(Audit.Outcome.REFUSED);
            assertThat(event.visit()).hasValue(visit);
        });

        admin.events.clear();
        Caller root = admin.caller("root");
        admin.api.handle(new AdminRequest("DELETE", "/users/nobody", Optional.empty(), root, Optional.of(visit)));
        assertThat(admin.events).singleElement().satisfies(event -> {
            assertThat(event.action()).isEqualTo("user.delete");
            assertThat(event.visit()).hasValue(visit);
        });
    }

    private static JsonObject object(Answer answer) {
        return JsonParser.parseString(answer.json()).getAsJsonObject();
    }

    private static JsonObject error(Answer answer) {
        return object(answer).getAsJsonArray("errors").get(0).getAsJsonObject();
    }
}
