package io.entrepot.core.store;

import io.entrepot.core.BeyondReach;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A proxy's state with memory before it that tells what the upstream answered last, and where it never did. Nobody writes
 * to the state but through this one. Whoever's absence was forgotten beneath ({@link ProxyState#MAX_KEPT}) may still be
 * known here: it is what the upstream said.
 */
public final class CachingProxyState implements ProxyState {
    /** Beside what every entry takes: a digest, times, a tag. */
    private static final int ANSWER_BYTES = 300;

    private final ProxyState state;
    /** To forget a repository is rare and to forget all is rarer: either is a broad write of everything. */
    private final Shelf<Answer> answers;

    /** @param maxBytes about as much memory it takes at most */
    public CachingProxyState(ProxyState state, long maxBytes) {
        this.state = state;
        this.answers = new Shelf<>(maxBytes, key -> 0, answer -> ANSWER_BYTES, ANSWER_BYTES);
    }

    @Override
    public Optional<Answer> answer(RepositoryName repository, Reference reference, Reach reach) {
        Shelf.Key key = new Shelf.Key(this, repository, reference);
        Shelf.Answer<Answer> known = answers.find(key);
        if (known != null) {
            return known.value();
        }
        if (reach == Reach.MEMORY) {
            throw BeyondReach.instance();
        }
        return answers.load(key, () -> state.answer(repository, reference, reach));
    }

    @Override
    public void answered(RepositoryName repository, Reference reference, Answer answer) {
        answers.write(
                new Shelf.Key(this, repository, reference),
                () -> {
                    state.answered(repository, reference, answer);
                    return answer;
                },
                Optional::of);
    }

    @Override
    public void forget(RepositoryName repository) {
        broadly(() -> state.forget(repository));
    }

    @Override
    public void forgetAll() {
        broadly(state::forgetAll);
    }

    private void broadly(Runnable write) {
        answers.writeBroadly(
                0,
                () -> {
                    write.run();
                    return write;
                },
                written -> false);
    }

    @Override
    public Optional<Listing> listing(RepositoryName repository, String key) {
        return state.listing(repository, key);
    }

    @Override
    public void listed(RepositoryName repository, String key, Listing listing) {
        state.listed(repository, key, listing);
    }

    @Override
    public Optional<Descriptor> referred(RepositoryName repository, Digest blob) {
        return state.referred(repository, blob);
    }

    @Override
    public void touch(RepositoryName repository, Digest manifest, Instant at) {
        state.touch(repository, manifest, at);
    }

    @Override
    public long heldBytes() {
        return state.heldBytes();
    }

    @Override
    public List<Image> coldest(int limit) {
        return state.coldest(limit);
    }

    @Override
    public void pin(Pin pin) {
        state.pin(pin);
    }

    @Override
    public boolean unpin(Pin pin) {
        return state.unpin(pin);
    }

    @Override
    public List<Pin> pins() {
        return state.pins();
    }

    @Override
    public void begun(Unfinished download) {
        state.begun(download);
    }

    @Override
    public Optional<Unfinished> unfinished(Digest digest) {
        return state.unfinished(digest);
    }

    @Override
    public void ended(Digest digest) {
        state.ended(digest);
    }

    @Override
    public void flush() {
        state.flush();
    }

    @Override
    public void close() {
        state.close();
    }
}
