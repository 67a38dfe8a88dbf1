package io.entrepot.core.view;

import io.entrepot.core.Blob;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.UploadStatus;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import io.entrepot.core.access.Caller;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A repository of a {@link GuardedRegistry}. It names every operation: one that is added later is refused here. */
final class GuardedRepository implements Repository {
    private final RepositoryName name;
    private final Repository repository;
    private final Caller caller;
    private final Access access;
    private final Predicate<RepositoryName> withinReach;
    private final boolean hides;

    /** @param name as the caller knows it, and as {@code access} does; below a prefix the repository has another */
    GuardedRepository(
            RepositoryName name,
            Repository repository,
            Caller caller,
            Access access,
            Predicate<RepositoryName> withinReach,
            boolean hides) {
        this.name = name;
        this.repository = repository;
        this.caller = caller;
        this.access = access;
        this.withinReach = withinReach;
        this.hides = hides;
    }

    @Override
    public RepositoryName name() {
        return name;
    }

    @Override
    public Descriptor resolve(Reference reference) {
        requireReading(reference);
        return repository.resolve(reference);
    }

    @Override
    public Manifest manifest(Reference reference) {
        requireReading(reference);
        return repository.manifest(reference);
    }

    @Override
    public Descriptor stat(Digest blob) {
        requireSeeing(access.allows(Action.READ, name), "pull from");
        return repository.stat(blob);
    }

    @Override
    public Blob open(Digest blob) {
        requireSeeing(access.allows(Action.READ, name), "pull from");
        return repository.open(blob);
    }

    @Override
    public Page<Tag> tags(PageRequest page) {
        requireSeeing(access.allows(Action.BROWSE, name) || access.allows(Action.READ, name), "list the tags of");
        if (access.allowsWholly(Action.BROWSE, name) || access.allowsWholly(Action.READ, name)) {
            return repository.tags(page);
        }
        return Filtered.page(
                page,
                repository::tags,
                tag -> access.allows(Action.BROWSE, name, tag) || access.allows(Action.READ, name, tag),
                Tag::name);
    }

    @Override
    public Page<Descriptor> referrers(Digest subject, Set<MediaType> types, PageRequest page) {
        requireSeeing(access.allows(Action.READ, name), "pull from");
        return repository.referrers(subject, types, page);
    }

    /** Who may push here learns by it only what he could push himself. */
    @Override
    public Descriptor claim(Digest blob) {
        requireSeeing(access.allows(Action.READ, name) || pushes(), "pull from");
        return repository.claim(blob);
    }

    @Override
    public Upload upload(UploadHints hints) {
        requirePushing();
        return repository.upload(hints);
    }

    @Override
    public Upload resume(UploadId id) {
        requirePushing();
        return repository.resume(id);
    }

    @Override
    public UploadStatus status(UploadId id) {
        requirePushing();
        return repository.status(id);
    }

    /** The source is a view of the same caller's, so that what he may not read there cannot be mounted. */
    @Override
    public Optional<Descriptor> mount(Digest blob, Repository source) {
        requirePushing();
        boolean betterToken = !access.allows(Action.READ, source.name()) && withinReach.test(source.name());
        if (betterToken) {
            throw caller.refusal("pull from " + source.name(), source.name().value());
        }
        return repository.mount(blob, source);
    }

    @Override
    public Descriptor put(Manifest manifest, PutOptions options) {
        requirePushing();
        for (Tag tag : options.tags()) {
            require(pushes(tag), "set the tag " + tag + " of");
        }
        return repository.put(manifest, options.obeying(addOrEdit()));
    }

    /** Whether a tag is new is known only in the transaction that sets it; {@code latest} is a tag like any other. */
    private TagRule addOrEdit() {
        return (tag, now, next) -> {
            if (now.isEmpty()) {
                require(access.allows(Action.ADD, name, tag), "add the tag " + tag + " to");
            } else if (!now.get().equals(next)) {
                require(access.allows(Action.EDIT, name, tag), "move the existing tag " + tag + " of");
            }
        };
    }

    @Override
    public void delete(Reference reference) {
        boolean allowed = reference instanceof Tag tag
                ? access.allows(Action.DELETE, name, tag)
                : access.allowsWholly(Action.DELETE, name);
        require(allowed, "delete from");
        repository.delete(reference);
    }

    @Override
    public void deleteBlob(Digest blob) {
        require(access.allowsWholly(Action.DELETE, name), "delete from");
        repository.deleteBlob(blob);
    }

    private void requireReading(Reference reference) {
        boolean allowed =
                reference instanceof Tag tag ? access.allows(Action.READ, name, tag) : access.allows(Action.READ, name);
        requireSeeing(allowed, "pull from");
    }

    private void requirePushing() {
        require(pushes(), "push to");
    }

    private boolean pushes() {
        return access.allows(Action.ADD, name) || access.allows(Action.EDIT, name);
    }

    private boolean pushes(Tag tag) {
        return access.allows(Action.ADD, name, tag) || access.allows(Action.EDIT, name, tag);
    }

    private void requireSeeing(boolean allowed, String what) {
        if (!allowed && hides) {
            throw RegistryException.unknownName(name);
        }
        require(allowed, what);
    }

    private void require(boolean allowed, String what) {
        if (!allowed) {
            throw caller.refusal(what + " " + name, name.value());
        }
    }
}
