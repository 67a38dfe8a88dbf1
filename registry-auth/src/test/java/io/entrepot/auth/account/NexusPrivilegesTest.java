package io.entrepot.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.access.Domain;
import java.util.List;
import org.junit.jupiter.api.Test;

class NexusPrivilegesTest {
    private static List<String> parsed(String name) {
        return NexusPrivileges.parse(name).stream()
                .map(PrivilegeNotation::print)
                .toList();
    }

    private static List<String> selected(String expression) {
        return NexusPrivileges.selector("private", List.of("read", "browse"), expression).stream()
                .map(PrivilegeNotation::print)
                .toList();
    }

    @Test
    void names_of_nexus_are_privileges_of_ours() {
        assertThat(parsed("nx-repository-view-docker-private-read")).containsExactly("read:private:**");
        assertThat(parsed("nx-repository-view-docker-docker-hosted-edit")).containsExactly("edit:docker-hosted:**");
        assertThat(parsed("nx-repository-view-docker-*-browse")).containsExactly("browse:*:**");
        assertThat(parsed("nx-repository-view-docker-*-*")).containsExactly("*:*:**");
        assertThat(parsed("nx-repository-admin-docker-*-read")).containsExactly("admin:registries:read");
        assertThat(parsed("nx-repository-admin-docker-*-*")).containsExactly("admin:registries");
        assertThat(parsed("nx-all")).hasSize(1 + Domain.values().length).contains("*:*:**", "admin:users");
    }

    @Test
    void what_has_no_counterpart_is_refused_with_a_sentence() {
        for (String bad : List.of(
                "",
                "nx-repository-view-maven2-*-*",
                "nx-repository-view-docker-",
                "nx-repository-view-docker-private",
                "nx-repository-view-docker-private-write",
                "nx-repository-view-docker--read",
                "nx-repository-admin-docker-private-edit",
                "nx-repository-admin-docker-*-write",
                "nx-scripts-*-run")) {
            assertThatThrownBy(() -> NexusPrivileges.parse(bad))
                    .as(bad)
                    .isInstanceOf(AccountException.class)
                    .hasMessageContaining("is not translated: ");
        }
    }

    @Test
    void simple_content_selectors_are_patterns_of_names() {
        String acme = "browse,read:private:acme/**";
        String itself = "browse,read:private:acme";
        assertThat(selected("format == \"docker\" and path =^ \"/v2/acme/\"")).containsExactly(acme, itself);
        assertThat(selected("format=='docker' && path=^'/v2/acme/'")).containsExactly(acme, itself);
        assertThat(selected("path =~ \"^/v2/acme/.*\"")).containsExactly(acme, itself);
        assertThat(selected("path =~ \"/v2/acme/.*$\"")).containsExactly(acme, itself);
        assertThat(selected("(format == \"docker\" and path =^ \"/v2/acme\")"))
                .containsExactly("browse,read:private:acme**");
        assertThat(selected("path =^ \"/v2/a/\" or path =^ \"/v2/b/\"")).hasSize(4);
        assertThat(selected("path =~ \"^/v2/[^/]+/web-.*\"")).containsExactly("browse,read:private:?*/web-**");
        assertThat(selected("format == \"docker\"")).containsExactly("browse,read:private:**");
        assertThat(selected("path =^ \"/v2/\"")).containsExactly("browse,read:private:**");
        assertThat(selected("path =~ \".*\"")).containsExactly("browse,read:private:**");
    }

    @Test
    void selectors_that_say_more_are_refused_and_never_widened() {
        for (String bad : List.of(
                "",
                "format == \"maven2\" and path =^ \"/v2/acme/\"",
                "path =^ \"/org/acme/\"",
                "path =~ \"^/v2/(a|b)/.*\"",
                "path =~ \"^/v2/a[0-9]/.*\"",
                "path =~ \"^/v2/a.c/.*\"",
                "path =~ \"^/v2/acme\"",
                "path =~ \"^/v2/acme/app/manifests/.*\"",
                "path =^ \"/v2/acme/app/manifests/latest\"",
                "path == \"/v2/acme/app\"",
                "path != \"/v2/acme/\"",
                "not path =^ \"/v2/acme/\"",
                "path =^ \"/v2/a/\" and path =~ \".*b.*\"",
                "format == \"docker\" and (path =^ \"/v2/a/\" or path =^ \"/v2/b/\")",
                "path =^ \"/v2/a/\" or format == \"maven2\"")) {
            assertThatThrownBy(() -> selected(bad))
                    .as(bad)
                    .isInstanceOf(AccountException.class)
                    .hasMessageContaining("is not translated: ");
        }
    }

    @Test
    void the_privileges_of_every_registry_are_found_by_the_words_that_people_type() {
        var registries = List.of(World.PRIVATE, World.HUB);

        assertThat(PrivilegeCatalog.search("docker", registries))
                .extracting(PrivilegeCatalog.Entry::name)
                .hasSize(18)
                .contains(
                        "nx-repository-view-docker-private-read",
                        "nx-repository-view-docker-hub-*",
                        "nx-repository-view-docker-*-add");
        assertThat(PrivilegeCatalog.search("Private READ", registries))
                .extracting(PrivilegeCatalog.Entry::name)
                .containsExactly("nx-repository-view-docker-private-read");
        assertThat(PrivilegeCatalog.search("users", registries))
                .extracting(PrivilegeCatalog.Entry::name)
                .containsExactly("admin:users:read", "admin:users");
        assertThat(PrivilegeCatalog.search("", registries)).hasSize(19 + 2 * Domain.values().length);
        assertThat(PrivilegeCatalog.search("nothing-like-it", registries)).isEmpty();
        assertThat(PrivilegeCatalog.find("nx-repository-view-docker-private-read", registries))
                .hasValueSatisfying(e -> assertThat(e.privileges()).isEqualTo(World.privileges("read:private")));
    }

    @Test
    void every_entry_of_the_catalogue_that_nexus_names_means_what_nexus_means() {
        for (PrivilegeCatalog.Entry entry : PrivilegeCatalog.search("nx-", List.of(World.PRIVATE, World.HUB))) {
            assertThat(NexusPrivileges.parse(entry.name())).as(entry.name()).isEqualTo(entry.privileges());
        }
    }
}
