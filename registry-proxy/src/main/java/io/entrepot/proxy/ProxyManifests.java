package io.entrepot.proxy;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Manifest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.store.ProxyState.Answer;
import io.entrepot.proxy.Upstreams.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests of one repository. A digest never changes, so what is held is right. A tag is what the upstream said of it
 * last: while that is fresh it is not asked, afterwards by HEAD, and if it cannot be asked the last word holds.
 */
final class ProxyManifests {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyManifests.class);

    private final Parts parts;
    private final ProxyOptions options;
    private final RepositoryName local;
    private final Call call;

    ProxyManifests(Parts parts, RepositoryName local, Call call) {
        this.parts = parts;
        this.options = parts.options();
        this.local = local;
        this.call = call;
    }

    Manifest manifest(Digest digest) {
        Optional<Manifest> held = held(digest);
        if (held.isPresent()) {
            return served(held.get(), List.of());
        }
        Told<Optional<Manifest>> told = askUnlessAbsent(
                digest, () -> parts.manifests().ask(question(digest), () -> fetch(digest), options.deadline()));
        return served(told.value().orElseThrow(() -> RegistryException.unknownManifest(digest)), told.warnings());
    }

    Descriptor resolve(Digest digest) {
        Optional<Manifest> held = held(digest);
        if (held.isPresent()) {
            return served(held.get(), List.of()).descriptor();
        }
        Told<Optional<Descriptor>> told = askUnlessAbsent(
                digest, () -> parts.heads().ask(question(digest), () -> look(digest), options.deadline()));
        parts.answered(call, told.warnings());
        return told.value().orElseThrow(() -> RegistryException.unknownManifest(digest));
    }

    Manifest manifest(Tag tag) {
        Known known = known(tag);
        if (known.freshly(options, now())) {
            return servedOf(tag, known);
        }
        call.reach().require(Reach.ANYWHERE);
        Optional<Digest> wanted = known.freshDigest(options, now());
        return answered(
                tag,
                known,
                patience -> parts.manifests().ask(question(tag), () -> refresh(tag, known, wanted), patience),
                Optional::of);
    }

    Descriptor resolve(Tag tag) {
        Known known = known(tag);
        if (known.freshly(options, now())) {
            return servedOf(tag, known).descriptor();
        }
        call.reach().require(Reach.ANYWHERE);
        return answered(
                tag,
                known,
                patience -> parts.heads().ask(question(tag), () -> look(tag), patience),
                manifest -> Optional.of(manifest.descriptor()));
    }

    /** A question, for as long as the client is to wait. */
    private interface Asking<T> {
        Optional<Told<Optional<T>>> within(Duration patience);
    }

    private interface Shape<T> {
        Optional<T> of(Manifest manifest);
    }

    /** The upstream's word on a tag; if it does not come, or not soon enough, what is held of it. */
    private <T> T answered(Tag tag, Known known, Asking<T> asking, Shape<T> shape) {
        try {
            Optional<Told<Optional<T>>> told =
                    asking.within(known.held().isPresent() ? options.softDeadline() : options.deadline());
            if (told.isEmpty()) {
                throw slow();
            }
            if (told.get().value().isPresent()) {
                parts.answered(call, told.get().warnings());
                return told.get().value().get();
            }
        } catch (RegistryException.Unavailable e) {
            if (known.held().isPresent() && known.usable(options, now())) {
                Manifest stale = served(known.held().get(), List.of());
                call.source().warn("stale: " + tag + " could not be checked with the upstream: " + e.getMessage());
                return shape.of(stale).orElseThrow();
            }
            throw known.absent() ? e.ofAbsent() : e;
        }
        return shape.of(deleted(tag, known)).orElseThrow();
    }

    /** The upstream has no such tag (any more). */
    private Manifest deleted(Tag tag, Known known) {
        Manifest kept = known.held()
                .filter(manifest -> !options.followDeletions())
                .orElseThrow(() -> RegistryException.unknownManifest(tag));
        call.source().warn("the upstream has deleted " + tag + ": this is what it was");
        return served(kept, List.of());
    }

    private Manifest servedOf(Tag tag, Known known) {
        return known.absent() ? deleted(tag, known) : served(known.held().orElseThrow(), List.of());
    }

    private Manifest served(Manifest manifest, List<String> warnings) {
        parts.answered(call, warnings);
        parts.state().touch(local, manifest.digest(), now());
        return manifest;
    }

    // What is known here

    /**
     * What is known of a tag without asking.
     *
     * @param last the upstream's last word
     * @param held the manifest that it led to, else one that the tag led to before
     */
    private record Known(Optional<Answer> last, Optional<Manifest> held) {

        /** Whether the last word is that there is no such tag. */
        boolean absent() {
            return last.isPresent() && last.get().digest().isEmpty();
        }

        /** Whether it can be answered without asking: the last word is fresh, and what it leads to is held. */
        boolean freshly(ProxyOptions options, Instant now) {
            return fresh(options, now) && (absent() || leadsToHeld());
        }

        private boolean leadsToHeld() {
            return last.flatMap(Answer::digest).equals(held.map(Manifest::digest));
        }

        /** What is still to be fetched by digest, since the tag itself need not be asked for. */
        Optional<Digest> freshDigest(ProxyOptions options, Instant now) {
            return fresh(options, now) ? last.flatMap(Answer::digest) : Optional.empty();
        }

        private boolean fresh(ProxyOptions options, Instant now) {
            if (last.isEmpty()) {
                return false;
            }
            Optional<Duration> good =
                    absent() && held.isEmpty() ? Optional.of(options.notFoundFreshness()) : options.tagFreshness();
            return good.isEmpty() || younger(good.get(), now);
        }

        boolean usable(ProxyOptions options, Instant now) {
            return options.maxStale().isEmpty() || younger(options.maxStale().get(), now);
        }

        /** A clock that was set back makes nothing fresh. */
        private boolean younger(Duration age, Instant now) {
            return last.filter(answer -> !now.isBefore(answer.at())
                            && now.isBefore(answer.at().plus(age)))
                    .isPresent();
        }
    }

    private Known known(Tag tag) {
        Optional<Answer> last = parts.state().answer(local, tag, call.reach());
        Optional<Manifest> current = last.flatMap(Answer::digest).flatMap(this::held);
        return new Known(last, current.isPresent() ? current : held(tag));
    }

    private Optional<Manifest> held(Reference reference) {
        try {
            return Optional.of(parts.cache().repository(local, call).manifest(reference));
        } catch (RegistryException.Unknown e) {
            return Optional.empty();
        }
    }

    private <T> Told<Optional<T>> askUnlessAbsent(Digest digest, Supplier<Optional<Told<Optional<T>>>> asking) {
        Optional<Answer> last = parts.state().answer(local, digest, call.reach());
        boolean absent = last.isPresent() && last.get().digest().isEmpty();
        if (absent && new Known(last, Optional.empty()).freshly(options, now())) {
            throw RegistryException.unknownManifest(digest);
        }
        call.reach().require(Reach.ANYWHERE);
        try {
            return asking.get().orElseThrow(ProxyManifests::slow);
        } catch (RegistryException.Unavailable e) {
            throw absent ? e.ofAbsent() : e;
        }
    }

    private static RegistryException.Unavailable slow() {
        return new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE,
                "the upstream does not answer in time",
                Optional.of(Duration.ofSeconds(5)),
                null);
    }

    // Asking the upstream

    private Told<Optional<Manifest>> fetch(Digest digest) {
        Optional<Told<Manifest>> found = parts.upstream(local).ask(there -> there.manifest(digest));
        if (found.isEmpty()) {
            return absent(digest);
        }
        Manifest manifest = found.get().value();
        parts.kept(local).put(manifest, PutOptions.at(manifest.digest()));
        return told(Optional.of(manifest), found.get());
    }

    private Told<Optional<Descriptor>> look(Reference reference) {
        Optional<Told<Descriptor>> found = parts.upstream(local).ask(there -> there.resolve(reference));
        if (found.isEmpty()) {
            return absent(reference);
        }
        if (reference instanceof Tag tag) {
            point(tag, found.get().value().digest());
        }
        return told(Optional.of(found.get().value()), found.get());
    }

    /**
     * The tag as it is now. Where there is a copy it is looked at first, which registries with a budget do not count; what
     * changed is fetched by its digest, so that two answers about one tag cannot be mixed.
     *
     * @param wanted what it leads to, if that need not be asked
     */
    private Told<Optional<Manifest>> refresh(Tag tag, Known known, Optional<Digest> wanted) {
        Optional<Digest> digest = wanted;
        if (digest.isEmpty() && known.held().isPresent()) {
            Told<Optional<Descriptor>> looked = look(tag);
            if (looked.value().isEmpty()) {
                return new Told<>(Optional.empty(), looked.warnings());
            }
            digest = looked.value().map(Descriptor::digest);
        }
        if (digest.isPresent()) {
            Optional<Manifest> held = heldNow(digest.get());
            if (held.isPresent()) {
                return new Told<>(held, List.of());
            }
            Optional<Told<Manifest>> byDigest = ask(digest.get());
            if (byDigest.isPresent()) {
                return told(Optional.of(keep(tag, byDigest.get().value())), byDigest.get());
            }
            // Some registries name a digest in HEAD that they do not serve. The tag itself is the truth then.
        }
        Optional<Told<Manifest>> found = parts.upstream(local).ask(there -> there.manifest(tag));
        return found.isEmpty()
                ? absent(tag)
                : told(Optional.of(keep(tag, found.get().value())), found.get());
    }

    private Optional<Told<Manifest>> ask(Digest digest) {
        return parts.upstream(local).ask(there -> there.manifest(digest));
    }

    private Optional<Manifest> heldNow(Reference reference) {
        try {
            return Optional.of(parts.kept(local).manifest(reference));
        } catch (RegistryException.Unknown e) {
            return Optional.empty();
        }
    }

    private static <T> Told<Optional<T>> told(Optional<T> value, Told<?> by) {
        return new Told<>(value, by.warnings());
    }

    private <T> Told<Optional<T>> absent(Reference reference) {
        parts.state().answered(local, reference, new Answer(Optional.empty(), now()));
        if (reference instanceof Tag && options.followDeletions()) {
            try {
                parts.kept(local).delete(reference);
                LOG.info("{} was deleted upstream and is deleted in {}", reference, local);
            } catch (RegistryException.Unknown e) {
                // There never was a copy of it.
                LOG.debug("{} of {} is not there", reference, local);
            }
        }
        return new Told<>(Optional.empty(), List.of());
    }

    /** Content first, then what says that it is current. */
    private Manifest keep(Tag tag, Manifest manifest) {
        Repository kept = parts.kept(local);
        kept.put(manifest, PutOptions.at(tag));
        parts.state().answered(local, tag, new Answer(Optional.of(manifest.digest()), now()));
        return manifest;
    }

    /** The tag leads to this now, whether or not that is held. */
    private void point(Tag tag, Digest digest) {
        Optional<Manifest> held = heldNow(digest);
        if (held.isPresent() && !heldNow(tag).map(Manifest::digest).equals(Optional.of(digest))) {
            parts.kept(local).put(held.get(), PutOptions.at(tag));
        }
        parts.state().answered(local, tag, new Answer(Optional.of(digest), now()));
    }

    private Parts.Question question(Reference reference) {
        return new Parts.Question(local, reference);
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
