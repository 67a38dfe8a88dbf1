package io.entrepot.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.NewUser;
import io.entrepot.auth.account.Privilege;
import io.entrepot.auth.account.RegistrySelector;
import io.entrepot.auth.account.Role;
import io.entrepot.core.Call;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.RegistryId;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.proxy.testkit.ScriptedUpstream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may do what at one door, where what is pushed and what is fetched are behind one name: through the group, in its members,
 * under either spelling of a name, and while an upstream is down.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OneDoorRightsTest {
    private static final Tag V1 = new Tag("1");
    private static final RepositoryName APP = new RepositoryName("app");
    private static final Content CONFIG = Content.of("{\"os\":\"linux\"}");

    @TempDir
    Path data;

    private final ScriptedUpstream hub = new ScriptedUpstream();

    @AfterEach
    void stop() {
        hub.close();
    }

    /** Helm and oras look with a token for pulling before they push. */
    @Test
    void who_may_push_is_told_in_an_outage_to_go_ahead_and_who_may_only_pull_that_it_is_one() throws Exception {
        try (RegistryServer guarded = RegistryServer.at(data)
                .port(0)
                .bind("127.0.0.1")
                .user("alice", "a password of some length")
                .set("access.anonymousPull", "true")
                .set("server.main", "registry")
                .set("registries.private.type", "hosted")
                .set("registries.hub.type", "proxy")
                .set("registries.hub.remote", hub.root().toString())
                .set("registries.registry.type", "group")
                .set("registries.registry.members", "private,hub")
                .set("registries.registry.writable", "private")
                .start()) {
            hub.stop();
            String pusher = pullToken(
                    guarded,
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(
                                            "alice:a password of some length".getBytes(StandardCharsets.UTF_8)));
            String anybody = pullToken(guarded);
            String digest = CONFIG.digest().toString();
            for (String path : List.of("/v2/app/manifests/" + digest, "/v2/app/blobs/" + digest)) {
                assertThat(status(guarded, "HEAD", path, pusher)).as(path).isEqualTo(404);
                assertThat(status(guarded, "HEAD", path, anybody)).as(path).isEqualTo(503);
                assertThat(status(guarded, "GET", path, pusher)).as(path).isEqualTo(503);
            }
            assertThat(status(guarded, "HEAD", "/v2/app/manifests/1", pusher)).isEqualTo(503);
        }
    }

    /** Where Docker Hub takes part, one name finds what was pushed under the other. */
    @Test
    void a_right_to_one_spelling_is_none_to_what_lies_under_the_other() throws Exception {
        try (RegistryServer guarded = RegistryServer.at(data)
                .port(0)
                .bind("127.0.0.1")
                .user("root", "a password of some length")
                .set("server.main", "registry")
                .set("registries.private.type", "hosted")
                .set("registries.hub.type", "proxy")
                .set("registries.hub.preset", "docker-hub")
                .set("registries.hub.remote", hub.root().toString())
                .set("registries.registry.type", "group")
                .set("registries.registry.members", "private,hub")
                .start()) {
            Client.pushImage(
                    guarded.registry("private").repository(new RepositoryName("library/secret"), Call.internal()),
                    V1,
                    CONFIG);
            Accounts accounts = guarded.access().orElseThrow().accounts();
            Privilege.Content single = new Privilege.Content(
                    Set.of(Action.READ), new RegistrySelector.All(), new RepositoryPattern("*"), Optional.empty());
            Role role = accounts.roles().create(Accounts.system(), Role.of("single", "", List.of(single), Set.of()));
            accounts.create(Accounts.system(), NewUser.person("bob", "a password of some length", Set.of(role.name())));
            assertThat(status(guarded, "bob", "/v2/secret/manifests/1")).isEqualTo(403);
            assertThat(status(guarded, "bob", "/v2/library/secret/manifests/1")).isEqualTo(403);
            assertThat(status(guarded, "root", "/v2/secret/manifests/1")).isEqualTo(200);
            // It is a registry by itself without Docker Hub.
            assertThat(status(guarded, "bob", "/v2/private/secret/manifests/1")).isEqualTo(404);
        }
    }

    @Test
    void a_group_may_ask_for_rights_in_its_members_too() throws Exception {
        try (RegistryServer guarded = RegistryServer.at(data)
                .port(0)
                .bind("127.0.0.1")
                .user("root", "a password of some length")
                .set("server.main", "strict")
                .set("registries.private.type", "hosted")
                .set("registries.strict.type", "group")
                .set("registries.strict.members", "private")
                .set("registries.strict.memberPermissions", "enforce")
                .set("registries.plain.type", "group")
                .set("registries.plain.members", "private")
                .start()) {
            Client.pushImage(guarded.registry("private").repository(APP, Call.internal()), V1, CONFIG);
            Accounts accounts = guarded.access().orElseThrow().accounts();
            Privilege.Content groups = new Privilege.Content(
                    Set.of(Action.READ, Action.BROWSE),
                    new RegistrySelector.OfKind(RegistryId.Kind.GROUP),
                    RepositoryPattern.ALL,
                    Optional.empty());
            Role role = accounts.roles().create(Accounts.system(), Role.of("groups", "", List.of(groups), Set.of()));
            accounts.create(Accounts.system(), NewUser.person("bob", "a password of some length", Set.of(role.name())));
            assertThat(status(guarded, "bob", "/v2/plain/app/manifests/1")).isEqualTo(200);
            assertThat(status(guarded, "bob", "/v2/app/manifests/1")).isEqualTo(404);
            assertThat(status(guarded, "root", "/v2/app/manifests/1")).isEqualTo(200);
        }
    }

    private static int status(RegistryServer of, String user, String path) throws Exception {
        String login = Base64.getEncoder()
                .encodeToString((user + ":a password of some length").getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(of.url().resolve(path))
                .header("Authorization", "Basic " + login)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String pullToken(RegistryServer from, String... login) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(from.url().resolve("/v2/token?scope=repository:app:pull"));
        for (String shown : login) {
            request.header("Authorization", shown);
        }
        String body = HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return JsonParser.parseString(body).getAsJsonObject().get("token").getAsString();
    }

    private static int status(RegistryServer of, String method, String path, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(of.url().resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
