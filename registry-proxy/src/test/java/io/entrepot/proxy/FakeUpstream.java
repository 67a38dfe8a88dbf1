package io.entrepot.proxy;

import io.entrepot.core.Blob;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A registry that writes down what it is asked and does what a test tells it first: fail, or wait. Asked with less reach
 * than ANYWHERE it fails the test.
 */
public final class FakeUpstream implements Registry {
    private final Registry registry;
    private final List<String> asked = new ArrayList<>();
    private volatile @Nullable RuntimeException failure;
    private volatile Runnable before = () -> {};
    private volatile UnaryOperator<Blob> blobs = UnaryOperator.identity();

    public FakeUpstream(Registry registry) {
        this.registry = registry;
    }

    /** Everything fails with this from now on. */
    public void failWith(RuntimeException why) {
        failure = why;
    }

    public void recover() {
        failure = null;
    }

    /** Runs before each answer, on the thread that asks. */
    public void before(Runnable action) {
        before = action;
    }

    public void blobs(UnaryOperator<Blob> change) {
        blobs = change;
    }

    /** What was asked since the last time, such as {@code resolve library/nginx 1}. */
    public synchronized List<String> asked() {
        List<String> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    private void ask(String what) {
        synchronized (this) {
            asked.add(what);
        }
        before.run();
        RuntimeException why = failure;
        if (why != null) {
            throw why;
        }
    }

    @Override
    public Repository repository(RepositoryName name, Call call) {
        if (call.reach() != Reach.ANYWHERE) {
            throw new AssertionError("the upstream was asked with reach " + call.reach());
        }
        return new Asked(registry.repository(name, call));
    }

    @Override
    public Page<RepositoryName> repositories(PageRequest page, Call call) {
        ask("repositories");
        return registry.repositories(page, call);
    }

    private final class Asked implements Repository {
        private final Repository repository;

        Asked(Repository repository) {
            this.repository = repository;
        }

        @Override
        public RepositoryName name() {
            return repository.name();
        }

        @Override
        public Descriptor resolve(Reference reference) {
            ask("resolve " + name() + " " + reference);
            return repository.resolve(reference);
        }

        @Override
        public Manifest manifest(Reference reference) {
            ask("manifest " + name() + " " + reference);
            return repository.manifest(reference);
        }

        @Override
        public Descriptor stat(Digest blob) {
            ask("stat " + name() + " " + blob);
            return repository.stat(blob);
        }

        @Override
        public Blob open(Digest blob) {
            ask("open " + name() + " " + blob);
            return blobs.apply(repository.open(blob));
        }

        @Override
        public Page<Tag> tags(PageRequest page) {
            ask("tags " + name());
            return repository.tags(page);
        }

        @Override
        public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
            ask("referrers " + name() + " " + subject);
            return repository.referrers(subject, types, page);
        }
    }
}
