package io.entrepot.core.view;

import static io.entrepot.core.access.Action.ADD;
import static io.entrepot.core.access.Action.BROWSE;
import static io.entrepot.core.access.Action.DELETE;
import static io.entrepot.core.access.Action.EDIT;
import static io.entrepot.core.access.Action.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Proof;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import io.entrepot.core.testkit.Seed;
import io.entrepot.core.testkit.SettableClock;
import io.entrepot.core.testkit.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hosted registry as one caller sees it: what he may set, mount, list and find. */
class GuardedRegistryTest {
    private static final RepositoryName APP = new RepositoryName("team/app");
    private static final RepositoryName SECRET = new RepositoryName("secret/app");
    private static final RepositoryName NOWHERE = new RepositoryName("secret/nothing");
    private static final Tag V1 = new Tag("v1");
    private static final Tag LATEST = new Tag("latest");
    private static final Call CALL = Call.internal();

    @RegisterExtension
    final Seed seed = new Seed();

    private final SettableClock clock = new SettableClock();
    private final Registry inner = new HostedRegistry(
            "private", new MemoryBlobStore(clock), new MemoryMetadata(), HostedOptions.DEFAULT, clock);
    private final Content config = Content.of("{}");
    private final Content layer = seed.content(1, 1000);

    private Registry as(Access access) {
        return new GuardedRegistry(inner, Granted.caller(Proof.BASIC), access);
    }

    private Repository app(Action... actions) {
        return as(Granted.of(actions)).repository(APP, CALL);
    }

    private static Sample image(int number) {
        return Sample.index().annotation("number", "" + number).build();
    }

    private void assertDenied(Repository to, Sample sample, Tag tag, String message) {
        assertThatThrownBy(() -> Client.put(to, sample, tag))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining(message);
    }

    // Add and edit

    @Test
    void who_may_add_sets_new_tags_and_moves_none_not_even_latest() {
        for (Tag tag : List.of(V1, LATEST)) {
            Client.put(app(ADD), image(1), tag);
            assertDenied(app(ADD), image(2), tag, "eve may not move the existing tag " + tag + " of team/app");
            assertThat(inner.repository(APP, CALL).resolve(tag).digest()).isEqualTo(image(1).digest());
        }
        assertThatThrownBy(() -> inner.repository(APP, CALL).resolve(image(2).digest()))
                .isInstanceOf(RegistryException.Unknown.class);
    }

    @Test
    void who_may_edit_moves_tags_and_adds_none() {
        assertDenied(app(EDIT), image(1), V1, "eve may not add the tag v1 to team/app");
        Client.put(app(ADD), image(1), V1);
        Client.put(app(EDIT), image(2), V1);
        assertThat(inner.repository(APP, CALL).resolve(V1).digest()).isEqualTo(image(2).digest());
    }

    @Test
    void the_same_push_again_moves_nothing_and_needs_no_more_than_the_first() {
        Client.put(app(ADD), image(1), V1);
        Client.put(app(ADD), image(1), V1);
        Client.put(app(EDIT), image(1), V1);
    }

    @Test
    void a_tag_that_was_deleted_is_new_again() {
        Client.put(app(ADD), image(1), V1);
        app(DELETE).delete(V1);
        Client.put(app(ADD), image(2), V1);
        assertThat(inner.repository(APP, CALL).resolve(V1).digest()).isEqualTo(image(2).digest());
    }

    @Test
    void of_several_tags_one_that_may_not_be_moved_keeps_all_from_being_set() {
        Client.put(app(ADD), image(1), V1);
        PutOptions both = new PutOptions(LATEST, List.of(V1), io.entrepot.core.TagRule.ANY);
        assertThatThrownBy(() -> app(ADD).put(image(2).manifest(), both)).isInstanceOf(RegistryException.Denied.class);
        assertThat(Client.tags(inner.repository(APP, CALL))).containsExactly("v1");
    }

    @Test
    void of_two_who_create_a_tag_at_once_and_may_move_none_one_is_refused() throws Exception {
        for (int round = 0; round < 50; round++) {
            Tag tag = new Tag("t" + round);
            int first = 2 * round;
            List<Boolean> created = Threads.together(2, thread -> {
                try {
                    Client.put(app(ADD), image(first + thread), tag);
                    return true;
                } catch (RegistryException.Denied e) {
                    return false;
                }
            });
            assertThat(created).containsExactlyInAnyOrder(true, false);
            int winner = first + created.indexOf(true);
            assertThat(inner.repository(APP, CALL).resolve(tag).digest())
                    .isEqualTo(image(winner).digest());
        }
    }

    @Test
    void tags_are_added_and_moved_where_the_pattern_says() {
        Repository view = as(Granted.of(ADD, EDIT).under("v*")).repository(APP, CALL);
        Client.put(view, image(1), V1);
        Client.put(view, image(2), V1);
        assertDenied(view, image(1), LATEST, "eve may not set the tag latest of team/app");
        Client.put(view, image(3), image(3).digest());
    }

    // Mounts and what else could tell a stranger something

    @Test
    void a_mount_answers_the_same_for_what_is_not_there_and_for_what_may_not_be_read() {
        Client.push(inner.repository(SECRET, CALL), layer);
        Registry view = as(Granted.everything().in("team/**"));
        Repository target = view.repository(APP, CALL);
        Optional<?> notAllowed = target.mount(layer.digest(), view.repository(SECRET, CALL));
        Optional<?> notThere = target.mount(config.digest(), view.repository(SECRET, CALL));
        Optional<?> nowhere = target.mount(layer.digest(), view.repository(NOWHERE, CALL));
        assertThat(List.of(notAllowed, notThere, nowhere)).containsOnly(Optional.empty());
        assertThatThrownBy(() -> target.stat(layer.digest())).isInstanceOf(RegistryException.Unknown.class);
    }

    @Test
    void a_mount_needs_pushing_here_and_reading_there() {
        Client.push(inner.repository(SECRET, CALL), layer);
        Registry reader = as(Granted.of(READ));
        assertThatThrownBy(() -> reader.repository(APP, CALL).mount(layer.digest(), reader.repository(SECRET, CALL)))
                .isInstanceOf(RegistryException.Denied.class);
        Registry pusher = as(Granted.of(ADD));
        assertThat(pusher.repository(APP, CALL).mount(layer.digest(), pusher.repository(SECRET, CALL)))
                .isEmpty();
        Registry both = as(Granted.of(ADD, READ));
        assertThat(both.repository(APP, CALL).mount(layer.digest(), both.repository(SECRET, CALL)))
                .isPresent();
    }

    /** Whoever showed a password would have his layers mounted: a token that is only too small should be no reason to upload. */
    @Test
    void who_could_mount_with_another_token_is_told_to_fetch_it() {
        Client.push(inner.repository(SECRET, CALL), layer);
        Access token = Granted.everything().in("team/**");
        Registry view = new GuardedRegistry(inner, Granted.caller(Proof.TOKEN), token, SECRET::equals);
        assertThatThrownBy(() -> view.repository(APP, CALL).mount(layer.digest(), view.repository(SECRET, CALL)))
                .isInstanceOfSatisfying(
                        RegistryException.Unauthorized.class,
                        e -> assertThat(e.reason())
                                .isEqualTo(RegistryException.Unauthorized.Reason.INSUFFICIENT_SCOPE));
        assertThat(view.repository(APP, CALL).mount(layer.digest(), view.repository(NOWHERE, CALL)))
                .as("of what no token would open he learns nothing")
                .isEmpty();
    }

    @Test
    void holders_are_only_those_that_may_be_read_however_many_others_there_are() {
        for (int i = 0; i < 40; i++) {
            Client.push(inner.repository(new RepositoryName("secret/a" + i), CALL), layer);
        }
        Client.push(inner.repository(APP, CALL), layer);
        Registry view = as(Granted.of(READ).in("team/**"));
        assertThat(view.holders(layer.digest(), 5, CALL)).containsExactly(APP);
        assertThat(view.holders(config.digest(), 5, CALL)).isEmpty();
        assertThat(as(Granted.of(BROWSE, ADD)).holders(layer.digest(), 5, CALL)).isEmpty();
        assertThat(as(Granted.of(READ).in("secret/*")).holders(layer.digest(), 5, CALL))
                .hasSize(5);
    }

    @Test
    void a_refusal_is_the_same_whether_or_not_the_thing_is_there() {
        Sample there = Client.pushImage(inner.repository(SECRET, CALL), V1, config, layer);
        Registry view = as(Granted.everything().in("team/**"));
        for (Digest digest :
                List.of(layer.digest(), there.digest(), Content.of("nowhere").digest())) {
            for (RepositoryName name : List.of(SECRET, NOWHERE)) {
                Repository repository = view.repository(name, CALL);
                String refusal = "requested access to the resource is denied: eve may not pull from " + name;
                assertThatThrownBy(() -> repository.stat(digest)).hasMessage(refusal);
                assertThatThrownBy(() -> repository.claim(digest)).hasMessage(refusal);
                assertThatThrownBy(() -> repository.manifest(digest)).hasMessage(refusal);
                assertThatThrownBy(() -> repository.resolve(V1)).hasMessage(refusal);
            }
        }
    }

    // Lists

    @Test
    void lists_without_the_right_to_ask_are_refused() {
        Registry view = as(Granted.everything().withoutCatalog());
        assertThatThrownBy(() -> view.repositories(PageRequest.first(1), CALL))
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageEndingWith("eve may not list repositories");
        Registry anonymous = new GuardedRegistry(
                inner, Granted.caller(Proof.NONE), Granted.of().withoutCatalog());
        assertThatThrownBy(() -> anonymous.repositories(PageRequest.first(1), CALL))
                .isInstanceOf(RegistryException.Unauthorized.class);
    }

    @Test
    void the_catalogue_shows_what_may_be_browsed_or_read() {
        Client.put(inner.repository(APP, CALL), image(1), V1);
        Client.put(inner.repository(SECRET, CALL), image(1), V1);
        for (Action action : Action.values()) {
            boolean visible = action == BROWSE || action == READ;
            assertThat(catalogue(as(Granted.of(action).in("team/**")), 10))
                    .isEqualTo(visible ? List.of("team/app") : List.of());
        }
    }

    @Test
    void filtered_lists_are_paged_as_a_filter_of_the_whole_list_would_be() {
        Random random = seed.random();
        for (int round = 0; round < 25; round++) {
            List<RepositoryName> all = names(random, random.nextInt(4_000));
            int modulus = 1 + random.nextInt(random.nextBoolean() ? 3 : 2_000);
            Set<String> visible = all.stream()
                    .map(RepositoryName::value)
                    .filter(name -> Math.floorMod(name.hashCode(), modulus) == 0)
                    .collect(Collectors.toCollection(TreeSet::new));
            Access access = new OneOf(visible);
            Registry view = new GuardedRegistry(new Named(all), Granted.caller(Proof.BASIC), access);
            int limit = 1 + random.nextInt(random.nextBoolean() ? 10 : 3_000);
            assertPagesAre(List.copyOf(visible), view, limit);
            String last = Long.toString(random.nextLong(1L << 40), 36);
            assertThat(view.repositories(new PageRequest(Optional.of(last), limit), CALL))
                    .isEqualTo(Page.cut(
                            visible.stream()
                                    .filter(name -> name.compareTo(last) > 0)
                                    .limit(limit + 1L)
                                    .map(RepositoryName::new)
                                    .toList(),
                            limit));
        }
    }

    @Test
    void where_nothing_is_left_out_a_page_is_read_once_and_where_much_is_in_large_parts() {
        List<RepositoryName> all = names(new Random(1), 5_000);
        Named named = new Named(all);
        new GuardedRegistry(named, Granted.caller(Proof.BASIC), Access.ALL).repositories(PageRequest.first(10), CALL);
        assertThat(named.reads).containsExactly(11);
        named.reads.clear();
        new GuardedRegistry(named, Granted.caller(Proof.BASIC), Granted.of()).repositories(PageRequest.first(10), CALL);
        assertThat(named.reads).hasSizeLessThanOrEqualTo(6);
        named.reads.clear();
        PageRequest most = PageRequest.first(PageRequest.MAX_LIMIT);
        assertThat(new GuardedRegistry(named, Granted.caller(Proof.BASIC), Access.ALL).repositories(most, CALL))
                .isEqualTo(new Page<>(all, false));
    }

    private static void assertPagesAre(List<String> expected, Registry view, int limit) {
        List<String> found = new ArrayList<>();
        PageRequest request = PageRequest.first(limit);
        while (true) {
            Page<RepositoryName> page = view.repositories(request, CALL);
            page.items().forEach(name -> found.add(name.value()));
            if (!page.more()) {
                break;
            }
            assertThat(page.items()).hasSize(limit);
            request = request.after(found.get(found.size() - 1));
        }
        assertThat(found).isEqualTo(expected);
    }

    private static List<RepositoryName> names(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Long.toString(random.nextLong(1L << 40), 36))
                .distinct()
                .sorted()
                .map(RepositoryName::new)
                .toList();
    }

    private static List<String> catalogue(Registry registry, int limit) {
        return Client.pages(limit, page -> registry.repositories(page, CALL), RepositoryName::value);
    }

    @Test
    void tags_are_listed_that_may_be_browsed_or_read_and_paged_alike() {
        Repository all = inner.repository(APP, CALL);
        for (int i = 0; i < 30; i++) {
            Client.put(all, image(1), new Tag((i % 3 == 0 ? "v" : "x") + (10 + i)));
        }
        List<String> visible =
                Client.tags(all).stream().filter(tag -> tag.startsWith("v")).toList();
        for (int limit : List.of(1, 3, 9, 10, 11)) {
            for (Action action : List.of(BROWSE, READ)) {
                Repository view = as(Granted.of(action).under("v*")).repository(APP, CALL);
                assertThat(Client.pages(limit, view::tags, Tag::name)).isEqualTo(visible);
                assertThat(Client.pages(limit, app(action)::tags, Tag::name)).isEqualTo(Client.tags(all));
            }
        }
    }

    // Prefixes

    @Test
    void a_prefix_leads_to_its_registry_and_shadows_the_names_of_the_main_one() {
        Registry other =
                new HostedRegistry("b", new MemoryBlobStore(clock), new MemoryMetadata(), HostedOptions.DEFAULT, clock);
        Registry all = new PrefixedRegistry(inner, Map.of("team", other));
        for (String name : List.of("a", "team", "team/app", "team-b/app", "x/team/app")) {
            Client.pushImage(inner.repository(new RepositoryName(name), CALL), V1, config);
        }
        Client.pushImage(other.repository(new RepositoryName("app"), CALL), V1, config, layer);
        Client.pushImage(other.repository(APP, CALL), LATEST, config, layer);

        assertThat(Client.tags(all.repository(new RepositoryName("team"), CALL)))
                .containsExactly("v1");
        assertThat(all.repository(APP, CALL).resolve(V1).digest())
                .isEqualTo(Sample.image(config, layer).digest());
        assertThat(all.repository(new RepositoryName("team/team/app"), CALL)
                        .resolve(LATEST)
                        .digest())
                .isEqualTo(Sample.image(config, layer).digest());
        assertThat(all.repository(new RepositoryName("x/team/app"), CALL)
                        .resolve(V1)
                        .digest())
                .isEqualTo(Sample.image(config).digest());
        assertThat(catalogue(all, 2)).containsExactly("a", "team", "team-b/app", "x/team/app");
        assertThat(all.holders(config.digest(), 10, CALL))
                .extracting(RepositoryName::value)
                .containsExactlyInAnyOrder("a", "team", "team-b/app", "x/team/app");
    }

    /** A registry that is nothing but names. */
    private static final class Named implements Registry {
        final List<RepositoryName> names;
        final List<Integer> reads = new ArrayList<>();

        Named(List<RepositoryName> names) {
            this.names = names;
        }

        @Override
        public Repository repository(RepositoryName name, Call call) {
            throw new AssertionError("nobody asked for a repository");
        }

        @Override
        public Page<RepositoryName> repositories(PageRequest page, Call call) {
            reads.add(page.limit());
            return Page.cut(
                    names.stream()
                            .filter(name -> name.value().compareTo(page.last().orElse("")) > 0)
                            .limit(page.limit() + 1L)
                            .toList(),
                    page.limit());
        }
    }

    private record OneOf(Set<String> names) implements Access {
        @Override
        public boolean allows(Action action, RepositoryName name) {
            return action == READ && names.contains(name.value());
        }

        @Override
        public boolean allows(Action action, RepositoryName name, Tag tag) {
            return allows(action, name);
        }

        @Override
        public boolean allowsWholly(Action action, RepositoryName name) {
            return allows(action, name);
        }

        @Override
        public boolean allowsCatalog() {
            return true;
        }
    }
}
