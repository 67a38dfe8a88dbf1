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
import io.entrepot.core.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        /** Found, but only where other hosts may be asked. */
        FAR
    }

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Registry registry;
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

    private <T> T answer(String what, Call call, Supplier<T> found) {
        asked.add(what + " " + call.reach());
        switch (word) {
            case FOUND -> {}
            case UNKNOWN -> throw RegistryException.unknownName(new RepositoryName("it"));
            case UNAVAILABLE -> throw unavailable(ErrorCode.UNAVAILABLE);
            case LIMITED -> throw unavailable(ErrorCode.TOOMANYREQUESTS);
            case ABSENT_BEFORE -> {
                requireFar(call);
                throw unavailable(ErrorCode.UNAVAILABLE).ofAbsent();
            }
            case FAR -> requireFar(call);
        }
        return found.get();
    }

    private static void requireFar(Call call) {
        if (call.reach() != Reach.ANYWHERE) {
            throw BeyondReach.instance();
        }
    }

    private static RegistryException.Unavailable unavailable(ErrorCode code) {
        return new RegistryException.Unavailable(code, "cannot be asked", Optional.of(Duration.ofSeconds(3)), null);
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
            return ask("manifest", () -> repository.manifest(reference));
        }

        @Override
        public Descriptor stat(Digest blob) {
            return ask("stat", () -> repository.stat(blob));
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
