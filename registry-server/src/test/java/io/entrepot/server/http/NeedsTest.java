package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.wire.Endpoint;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing is served of which nobody has decided who may come. */
class NeedsTest {
    @Test
    void every_endpoint_of_the_protocol_says_what_it_asks_of_those_who_come() {
        List<Class<?>> endpoints = all(Endpoint.class).toList();

        assertThat(endpoints).hasSizeGreaterThan(8);
        assertThat(endpoints)
                .allSatisfy(endpoint -> assertThat(RegistryHandler.need(endpoint.asSubclass(Endpoint.class)))
                        .isNotNull()
                        .isNotEqualTo(Need.NOTHING));
    }

    @Test
    void an_endpoint_that_nobody_has_decided_about_is_not_served() {
        assertThatThrownBy(() -> RegistryHandler.need(Endpoint.class)).isInstanceOf(IllegalStateException.class);
    }

    private static Stream<Class<?>> all(Class<?> sealed) {
        return sealed.isSealed()
                ? Stream.of(sealed.getPermittedSubclasses()).flatMap(NeedsTest::all)
                : Stream.of(sealed);
    }
}
