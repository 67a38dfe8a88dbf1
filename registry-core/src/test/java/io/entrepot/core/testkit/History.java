package io.entrepot.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A random history of pushes, mounts and deletes in a few repositories of its own, each answer compared with a model's. */
public final class History {
    private static final List<String> WORDS =
            List.of("push", "push", "mount", "put", "put", "put", "put", "delete", "delete blob", "compare");

    /** What a repository is, in short. */
    private static final class Model {
        final Set<Digest> blobs = new HashSet<>();
        final Map<Digest, Set<Digest>> manifests = new HashMap<>();
        final TreeMap<String, Digest> tags = new TreeMap<>();
        boolean known;

        boolean put(Digest manifest, Set<Digest> refersTo, Reference at) {
            if (!blobs.containsAll(refersTo)) {
                return false;
            }
            known = true;
            manifests.put(manifest, refersTo);
            if (at instanceof Tag tag) {
                tags.put(tag.name(), manifest);
            }
            return true;
        }

        boolean delete(Reference reference) {
            if (reference instanceof Tag tag) {
                return tags.remove(tag.name()) != null;
            }
            tags.values().removeIf(reference::equals);
            return manifests.remove(reference) != null;
        }

        boolean deleteBlob(Digest blob) {
            return manifests.values().stream().noneMatch(refs -> refs.contains(blob)) && blobs.remove(blob);
        }
    }

    private final Registry registry;
    private final Call call;
    private final long seed;
    private final Random random;
    private final String prefix;
    private final Map<RepositoryName, Model> models = new TreeMap<>();
    private final List<Content> contents = List.of(Content.of("one"), Content.of("two"), Content.of("three"));
    private final List<Tag> tags = List.of(new Tag("a"), new Tag("B"), new Tag("c-1"));

    public History(Registry registry, Call call, long seed) {
        this.registry = registry;
        this.call = call;
        this.seed = seed;
        this.random = new Random(seed);
        this.prefix = "history-" + seed;
        for (String name : List.of("x", "x/y", "x-z")) {
            models.put(new RepositoryName(prefix + "/" + name), new Model());
        }
    }

    public void run(int steps) {
        StringBuilder told = new StringBuilder();
        try {
            for (int i = 0; i < steps; i++) {
                step(told);
            }
            models.forEach(this::compare);
            compareCatalogue();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("replay with -Dseed=" + seed + ":" + told, e);
        }
    }

    private void step(StringBuilder told) {
        RepositoryName name = any(List.copyOf(models.keySet()));
        Model model = models.get(name);
        Repository repository = registry.repository(name, call);
        Content content = any(contents);
        Sample image = Sample.image(any(contents), any(contents));
        Reference at = random.nextBoolean() ? any(tags) : image.digest();
        int choice = random.nextInt(10);
        told.append("\n").append(WORDS.get(choice)).append(' ').append(name);
        told.append(" at ").append(at).append(", ").append(content);
        switch (choice) {
            case 0, 1 -> {
                Client.push(repository, content);
                model.known = model.blobs.add(content.digest()) || model.known;
            }
            case 2 -> {
                RepositoryName from = any(List.copyOf(models.keySet()));
                boolean there = models.get(from).blobs.contains(content.digest());
                assertThat(repository
                                .mount(content.digest(), registry.repository(from, call))
                                .isPresent())
                        .isEqualTo(there);
                if (there) {
                    model.known = true;
                    model.blobs.add(content.digest());
                }
            }
            case 3, 4, 5, 6 ->
                assertThat(done(() -> Client.put(repository, image, at)))
                        .isEqualTo(model.put(image.digest(), image.blobs(), at));
            case 7 -> assertThat(done(() -> repository.delete(at))).isEqualTo(model.delete(at));
            case 8 ->
                assertThat(done(() -> repository.deleteBlob(content.digest())))
                        .isEqualTo(model.deleteBlob(content.digest()));
            default -> compare(name, model);
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static boolean done(Runnable call) {
        try {
            call.run();
            return true;
        } catch (RegistryException.Unknown | RegistryException.Invalid | RegistryException.Unsupported e) {
            return false;
        }
    }

    private void compare(RepositoryName name, Model model) {
        Repository repository = registry.repository(name, call);
        if (model.known) {
            assertThat(Client.pages(2, repository::tags, Tag::name)).containsExactlyElementsOf(model.tags.keySet());
        } else {
            assertThat(done(() -> repository.tags(PageRequest.first(1)))).isFalse();
        }
        model.tags.forEach((tag, digest) ->
                assertThat(repository.resolve(new Tag(tag)).digest()).isEqualTo(digest));
        model.manifests
                .keySet()
                .forEach(digest ->
                        assertThat(repository.manifest(digest).digest()).isEqualTo(digest));
        for (Content content : contents) {
            assertThat(done(() -> assertThat(Client.pull(repository, content.digest()))
                            .isEqualTo(content.bytes())))
                    .isEqualTo(model.blobs.contains(content.digest()));
        }
    }

    private void compareCatalogue() {
        List<String> listed = registry.repositories(PageRequest.first(3).after(prefix + "/"), call).items().stream()
                .map(RepositoryName::value)
                .filter(name -> name.startsWith(prefix + "/"))
                .toList();
        assertThat(listed)
                .containsExactlyElementsOf(models.entrySet().stream()
                        .filter(entry -> !entry.getValue().manifests.isEmpty())
                        .map(entry -> entry.getKey().value())
                        .toList());
    }
}
