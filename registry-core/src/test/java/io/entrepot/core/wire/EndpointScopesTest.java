package io.entrepot.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a token must be good for, for every method of every route. */
class EndpointScopesTest {
    private static final String PULL = "repository:team/app:pull";
    private static final String PUSH = "repository:team/app:pull,push";
    private static final String DELETE = "repository:team/app:delete";
    private static final String D = "sha256:" + "0a".repeat(32);
    private static final String ID = "123e4567-e89b-12d3-a456-426614174000";

    private static final Map<String, Map<String, String>> TABLE = Map.ofEntries(
            Map.entry("/v2/", reading("")),
            Map.entry("/v2/_catalog", reading("registry:catalog:*")),
            Map.entry("/v2/_catalog?n=10&last=a", reading("registry:catalog:*")),
            Map.entry("/v2/_oci/ext/discover", reading("")),
            Map.entry("/v2/team/app/_oci/ext/discover", reading(PULL)),
            Map.entry("/v2/team/app/tags/list", reading(PULL)),
            Map.entry("/v2/team/app/referrers/" + D, reading(PULL)),
            Map.entry("/v2/team/app/manifests/v1", Map.of("GET", PULL, "HEAD", PULL, "PUT", PUSH, "DELETE", DELETE)),
            Map.entry("/v2/team/app/manifests/" + D, Map.of("GET", PULL, "HEAD", PULL, "PUT", PUSH, "DELETE", DELETE)),
            Map.entry("/v2/team/app/blobs/" + D, Map.of("GET", PULL, "HEAD", PULL, "DELETE", DELETE)),
            Map.entry("/v2/team/app/blobs/uploads/", Map.of("POST", PUSH)),
            Map.entry("/v2/team/app/blobs/uploads/?digest=" + D, Map.of("POST", PUSH)),
            Map.entry("/v2/team/app/blobs/uploads/?mount=" + D, Map.of("POST", PUSH)),
            Map.entry(
                    "/v2/team/app/blobs/uploads/?mount=" + D + "&from=other/lib",
                    Map.of("POST", PUSH + " repository:other/lib:pull")),
            // An upload is pushing from its beginning to its end, be that its cancelling.
            Map.entry(
                    "/v2/team/app/blobs/uploads/" + ID,
                    Map.of("GET", PUSH, "HEAD", PUSH, "PATCH", PUSH, "PUT", PUSH, "DELETE", PUSH)));

    private static Map<String, String> reading(String scope) {
        return Map.of("GET", scope, "HEAD", scope);
    }

    private static Endpoint endpoint(String method, String target) {
        int question = target.indexOf('?');
        return question < 0
                ? Endpoint.parse(method, target, "")
                : Endpoint.parse(method, target.substring(0, question), target.substring(question + 1));
    }

    @Test
    void each_method_of_each_route_asks_for_what_the_table_says() {
        TABLE.forEach((target, methods) ->
                methods.forEach((method, scopes) -> assertThat(endpoint(method, target).scopes(method).stream()
                                .map(Scope::toString)
                                .collect(Collectors.joining(" ")))
                        .as("%s %s", method, target)
                        .isEqualTo(scopes)));
    }

    @Test
    void the_table_has_every_route_and_every_method_that_there_is() {
        Set<Class<?>> routes = new LinkedHashSet<>();
        TABLE.forEach((target, methods) -> {
            Endpoint endpoint = endpoint(methods.keySet().iterator().next(), target);
            routes.add(endpoint.getClass());
            assertThat(new TreeSet<>(methods.keySet())).as(target).isEqualTo(new TreeSet<>(endpoint.methods()));
        });
        assertThat(routes)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Endpoint.class.getPermittedSubclasses())
                        .flatMap(type -> type.isInterface()
                                ? Arrays.stream(type.getPermittedSubclasses())
                                : java.util.stream.Stream.of(type))
                        .toList());
    }

    /** A method that a route does not have is refused later; until then it asks for no less than the others. */
    @ParameterizedTest
    @CsvSource({"PATCH", "POST", "PROPFIND", "get"})
    void a_method_that_nobody_knows_asks_for_pushing(String method) {
        assertThat(endpoint("GET", "/v2/team/app/manifests/v1").scopes(method))
                .extracting(Scope::toString)
                .containsExactly(PUSH);
    }
}
