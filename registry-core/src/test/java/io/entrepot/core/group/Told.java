package io.entrepot.core.group;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import io.entrepot.core.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A member that a test tells what to say, and that writes down what it was asked. */
final class Told implements Registry {
    /** What a member says. */
    enum Word {
        FOUND,
        UNKNOWN,
        UNAVAILABLE,
        ABSENT_BEFORE,
        LIMITED,
        /** Found, but only where other hosts may be asked. What a manifest that it gave names is known to be there. */
        FAR,
        DENIED,
        UNAUTHORIZED
    }

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Registry registry;
    private final Set<Digest> named = ConcurrentHashMap.newKeySet();
    private volatile Word word;

    Told(Word word, Registry registry) {
        this.word = word;
        this.registry = registry;
    }

    void say(Word newWord) {
        word = newWord;
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        return new Asked(registry.repository(name, call), call);
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        return answer("repositories", call, () -> registry.repositories(page, call));
    }

    @Override
    public List<SearchHit> search(String text, int limit, Call call) {
        return answer("search", call, () -> registry.search(text, limit, call));
    }

    private <T> T answer(String what, Call call, Supplier<T> found) {
        asked.add(what + " " + call.reach());
        switch (word) {
            case FOUND -> {}
            case UNKNOWN -> throw RegistryException.unknownName(new RepositoryName("it"));
            case UNAVAILABLE -> throw unavailable(ErrorCode.UNAVAILABLE, 3);
            case LIMITED -> throw unavailable(ErrorCode.TOOMANYREQUESTS, 60);
            case ABSENT_BEFORE -> {
                requireFar(call);
                throw unavailable(ErrorCode.UNAVAILABLE, 300).ofAbsent();
            }
            case FAR -> requireFar(call);
            case DENIED -> throw new RegistryException.Denied("not for you", "it");
            case UNAUTHORIZED -> throw new RegistryException.Unauthorized("log in");
        }
        return found.get();
    }

    private static void requireFar(Call call) {
        if (call.reach() != Reach.ANYWHERE) {
            throw BeyondReach.instance();
        }
    }

    private static RegistryException.Unavailable unavailable(ErrorCode code, int seconds) {
        return new RegistryException.Unavailable(
                code, "cannot be asked", Optional.of(Duration.ofSeconds(seconds)), null);
    }

    private final class Asked implements Repository {
        private final Repository repository;
        private final Call call;

        Asked(Repository repository, Call call) {
            this.repository = repository;
            this.call = call;
        }

        private <T> T ask(String what, Supplier<T> found) {
            return answer(what + " " + name(), call, found);
        }

        @Override
        public RepositoryName name() {
            return repository.name();
        }

        @Override
        public Descriptor resolve(Reference reference) {
            return ask("resolve", () -> repository.resolve(reference));
        }

        @Override
        public Manifest manifest(Reference reference) {
            Manifest manifest = ask("manifest", () -> repository.manifest(reference));
            manifest.links().blobs().forEach(blob -> named.add(blob.digest()));
            return manifest;
        }

        @Override
        public Descriptor stat(Digest blob) {
            return word == Word.FAR && named.contains(blob)
                    ? repository.stat(blob)
                    : ask("stat", () -> repository.stat(blob));
        }

        @Override
        public Blob open(Digest blob) {
            return ask("open", () -> repository.open(blob));
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            return ask("tags", () -> repository.tags(page));
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            return ask("referrers", () -> repository.referrers(subject, types, page));
        }
    }
}
