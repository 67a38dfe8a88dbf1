package io.entrepot.core.view;

import static io.entrepot.core.access.Action.ADD;
import static io.entrepot.core.access.Action.BROWSE;
import static io.entrepot.core.access.Action.DELETE;
import static io.entrepot.core.access.Action.EDIT;
import static io.entrepot.core.access.Action.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RegistryException.Unauthorized.Reason;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import io.entrepot.core.access.Proof;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What each operation asks for, and that nothing is looked at before it was granted. */
class GuardedRepositoryTest {
    private static final RepositoryName APP = new RepositoryName("team/app");
    private static final Tag V1 = new Tag("v1");
    private static final Tag OTHER = new Tag("other");
    private static final Digest DIGEST = Content.of("").digest();
    private static final PageRequest PAGE = PageRequest.first(10);
    private static final Sample IMAGE = Sample.index().build();
    private static final Set<Action> PUSHING = EnumSet.of(ADD, EDIT);

    /** Any one of the actions suffices. */
    private record Operation(String method, String about, Set<Action> needs, Consumer<Repository> use) {}

    private static Operation operation(String method, Set<Action> needs, Consumer<Repository> use) {
        return new Operation(method, method, needs, use);
    }

    private static final Repository UNTOUCHABLE = inner(method -> {
        throw new AssertionError("it was asked for " + method);
    });

    private static final List<Operation> OPERATIONS = List.of(
            new Operation("resolve", "by tag", Set.of(READ), r -> r.resolve(V1)),
            new Operation("resolve", "by digest", Set.of(READ), r -> r.resolve(DIGEST)),
            new Operation("manifest", "by tag", Set.of(READ), r -> r.manifest(V1)),
            new Operation("manifest", "by digest", Set.of(READ), r -> r.manifest(DIGEST)),
            operation("stat", Set.of(READ), r -> r.stat(DIGEST)),
            operation("open", Set.of(READ), r -> r.open(DIGEST)),
            operation("referrers", Set.of(READ), r -> r.referrers(DIGEST, Set.of(), PAGE)),
            operation("tags", EnumSet.of(BROWSE, READ), r -> r.tags(PAGE)),
            operation("claim", EnumSet.of(READ, ADD, EDIT), r -> r.claim(DIGEST)),
            operation("upload", PUSHING, r -> r.upload(UploadHints.NONE)),
            operation("resume", PUSHING, r -> r.resume(UploadId.random())),
            operation("status", PUSHING, r -> r.status(UploadId.random())),
            operation("mount", PUSHING, r -> r.mount(DIGEST, UNTOUCHABLE)),
            new Operation("put", "by tag", PUSHING, r -> r.put(IMAGE.manifest(), PutOptions.at(V1))),
            new Operation("put", "by digest", PUSHING, r -> r.put(IMAGE.manifest(), PutOptions.at(IMAGE.digest()))),
            new Operation("delete", "of a tag", Set.of(DELETE), r -> r.delete(V1)),
            new Operation("delete", "of a manifest", Set.of(DELETE), r -> r.delete(DIGEST)),
            operation("deleteBlob", Set.of(DELETE), r -> r.deleteBlob(DIGEST)));

    /** What a guard let through. */
    private static final class TouchedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TouchedException(String message) {
            super(message);
        }
    }

    private static final Repository TOUCHABLE = inner(method -> {
        throw new TouchedException(method);
    });

    private static Repository inner(Consumer<String> touched) {
        return (Repository) Proxy.newProxyInstance(
                Repository.class.getClassLoader(), new Class<?>[] {Repository.class}, (self, method, arguments) -> {
                    if (method.getName().equals("name")) {
                        return APP;
                    }
                    touched.accept(method.getName());
                    throw new AssertionError("nothing else comes of it");
                });
    }

    private static Repository guarded(Repository inner, Proof proof, Access access) {
        return new GuardedRepository(APP, inner, Granted.caller(proof), access, other -> false, false);
    }

    @Test
    void each_operation_is_allowed_by_its_actions_and_refused_by_all_others_before_anything_is_looked_at() {
        for (Operation operation : OPERATIONS) {
            for (int bits = 0; bits < 32; bits++) {
                Set<Action> granted = subset(bits);
                boolean allowed = granted.stream().anyMatch(operation.needs::contains);
                for (Proof proof : Proof.values()) {
                    Access access = Granted.of(granted);
                    Repository view = guarded(allowed ? TOUCHABLE : UNTOUCHABLE, proof, access);
                    Throwable thrown = catchThrowable(() -> operation.use.accept(view));
                    String what = operation.method + " " + operation.about + " with " + granted + " by " + proof;
                    if (allowed) {
                        assertThat(thrown)
                                .as(what)
                                .isInstanceOf(TouchedException.class)
                                .hasMessage(operation.method);
                    } else {
                        assertRefused(what, proof, thrown);
                    }
                }
            }
        }
    }

    private static Set<Action> subset(int bits) {
        return Arrays.stream(Action.values())
                .filter(action -> (bits & 1 << action.ordinal()) != 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Action.class)));
    }

    private static void assertRefused(String what, Proof proof, Throwable thrown) {
        switch (proof) {
            case NONE ->
                assertThat(thrown)
                        .as(what)
                        .isInstanceOfSatisfying(
                                RegistryException.Unauthorized.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.NOBODY))
                        .hasMessageStartingWith("authentication required: log in with 'docker login' to ");
            case TOKEN ->
                assertThat(thrown)
                        .as(what)
                        .isInstanceOfSatisfying(
                                RegistryException.Unauthorized.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.INSUFFICIENT_SCOPE))
                        .hasMessageStartingWith("requested access to the resource is denied: eve may not ");
            case BASIC, OTHER ->
                assertThat(thrown)
                        .as(what)
                        .isInstanceOf(RegistryException.Denied.class)
                        .hasMessageStartingWith("requested access to the resource is denied: eve may not ");
        }
        assertThat(thrown).as(what).hasMessageEndingWith(" team/app");
    }

    @Test
    void the_table_has_every_operation_that_there_is() {
        Set<String> all = operations(Repository.class).stream()
                .map(Method::getName)
                .filter(name -> !name.equals("name"))
                .collect(Collectors.toSet());
        assertThat(Set.copyOf(OPERATIONS.stream().map(Operation::method).toList()))
                .isEqualTo(all);
    }

    @Test
    void a_guard_names_every_operation_so_that_none_that_is_added_slips_through() {
        assertOverridden(Repository.class, GuardedRepository.class);
        assertOverridden(Registry.class, GuardedRegistry.class);
        assertOverridden(Registry.class, PrefixedRegistry.class);
        assertThat(GuardedRepository.class.getInterfaces()).containsExactly(Repository.class);
        assertThat(GuardedRegistry.class.getInterfaces()).containsExactly(Registry.class);
    }

    private static void assertOverridden(Class<?> type, Class<?> view) {
        for (Method method : operations(type)) {
            assertThat(Arrays.stream(view.getDeclaredMethods())
                            .filter(own -> own.getName().equals(method.getName())
                                    && Arrays.equals(own.getParameterTypes(), method.getParameterTypes())))
                    .as("%s of %s", method, view)
                    .isNotEmpty();
        }
    }

    private static List<Method> operations(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(m -> !java.lang.reflect.Modifier.isStatic(m.getModifiers()))
                .toList();
    }

    @Test
    void rights_in_another_repository_are_none_in_this_one() {
        Repository view = guarded(UNTOUCHABLE, Proof.BASIC, Granted.everything().in("team/*/x"));
        for (Operation operation : OPERATIONS) {
            assertThatThrownBy(() -> operation.use.accept(view)).isInstanceOf(RegistryException.Denied.class);
        }
    }

    @Test
    void rights_are_asked_for_by_the_name_that_the_caller_used() {
        Registry inner = new PrefixedRegistry(registryOf(UNTOUCHABLE), java.util.Map.of("team", registryOf(TOUCHABLE)));
        Caller eve = Granted.caller(Proof.TOKEN);
        Repository wholeName =
                new GuardedRegistry(inner, eve, Granted.of(READ).in("team/app")).repository(APP, Call.internal());
        assertThat(wholeName.name()).isEqualTo(APP);
        assertThatThrownBy(() -> wholeName.stat(DIGEST)).isInstanceOf(TouchedException.class);
        Repository shortName =
                new GuardedRegistry(inner, eve, Granted.of(READ).in("app")).repository(APP, Call.internal());
        assertThatThrownBy(() -> shortName.stat(DIGEST)).isInstanceOf(RegistryException.Unauthorized.class);
    }

    private static Registry registryOf(Repository repository) {
        return new Registry() {
            @Override
            public Repository repository(RepositoryName name, Call call) {
                return repository;
            }

            @Override
            public io.entrepot.core.Page<RepositoryName> repositories(PageRequest page, Call call) {
                return io.entrepot.core.Page.empty();
            }
        };
    }

    // Rights that are bound to tags

    @Test
    void what_is_granted_under_some_tags_is_granted_under_no_other() {
        Access access = Granted.everything().under("v*");
        Repository allowed = guarded(TOUCHABLE, Proof.BASIC, access);
        Repository refused = guarded(UNTOUCHABLE, Proof.BASIC, access);
        Reference digest = IMAGE.digest();
        for (Consumer<Repository> use : List.<Consumer<Repository>>of(
                r -> r.resolve(V1),
                r -> r.resolve(digest),
                r -> r.manifest(V1),
                r -> r.manifest(digest),
                r -> r.stat(DIGEST),
                r -> r.open(DIGEST),
                r -> r.referrers(DIGEST, Set.of(), PAGE),
                r -> r.tags(PAGE),
                r -> r.upload(UploadHints.NONE),
                r -> r.put(IMAGE.manifest(), PutOptions.at(V1)),
                r -> r.put(IMAGE.manifest(), PutOptions.at(digest)),
                r -> r.put(IMAGE.manifest(), new PutOptions(digest, List.of(V1), TagRule.ANY)),
                r -> r.delete(V1))) {
            assertThatThrownBy(() -> use.accept(allowed)).isInstanceOf(TouchedException.class);
        }
        // A digest may be under any tag, or under none: deleting by it takes more than rights under some.
        for (Consumer<Repository> use : List.<Consumer<Repository>>of(
                r -> r.resolve(OTHER),
                r -> r.manifest(OTHER),
                r -> r.put(IMAGE.manifest(), PutOptions.at(OTHER)),
                r -> r.put(IMAGE.manifest(), new PutOptions(V1, List.of(OTHER), TagRule.ANY)),
                r -> r.put(IMAGE.manifest(), new PutOptions(digest, List.of(V1, OTHER), TagRule.ANY)),
                r -> r.delete(OTHER),
                r -> r.delete(digest),
                r -> r.deleteBlob(DIGEST))) {
            assertThatThrownBy(() -> use.accept(refused)).isInstanceOf(RegistryException.Denied.class);
        }
    }
}
