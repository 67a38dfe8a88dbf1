package io.entrepot.core.memory;

import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.store.Touches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a proxy remembers, in memory, beside the {@link MemoryMetadata} of its cache. Everything but durability. */
final class MemoryProxyState implements ProxyState {
    /** An index of indexes of indexes of images: deeper is not looked. */
    private static final int DEEPEST = 4;

    private static final Comparator<Pin> BY_REPOSITORY_AND_REFERENCE = Comparator.comparing(
                    (Pin pin) -> pin.repository().value())
            .thenComparing(pin -> pin.reference().toString());

    /** Its monitor guards the repositories, too. */
    private final BlobRows blobs;

    private final Map<String, MemoryRepository> repositories;

    private final Touches touches = new Touches();
    private final Map<AnswerKey, Answer> answers = new ConcurrentHashMap<>();
    private final Map<ListKey, Listing> lists = new ConcurrentHashMap<>();
    private final Set<Pin> pins = ConcurrentHashMap.newKeySet();
    private final Map<Digest, Unfinished> unfinished = new ConcurrentHashMap<>();

    private record AnswerKey(RepositoryName repository, Reference reference) {}

    private record ListKey(RepositoryName repository, String key) {}

    /** A manifest and where it is. */
    private record Place(MemoryRepository repository, Digest manifest) {}

    MemoryProxyState(BlobRows blobs, Map<String, MemoryRepository> repositories) {
        this.blobs = blobs;
        this.repositories = repositories;
    }

    @Override
    public Optional<Answer> answer(RepositoryName repository, Reference reference, Reach reach) {
        return Optional.ofNullable(answers.get(new AnswerKey(repository, reference)));
    }

    @Override
    public void answered(RepositoryName repository, Reference reference, Answer answer) {
        answers.put(new AnswerKey(repository, reference), answer);
    }

    @Override
    public Optional<Listing> listing(RepositoryName repository, String key) {
        return Optional.ofNullable(lists.get(new ListKey(repository, ProxyState.requireKey(key))));
    }

    @Override
    public void listed(RepositoryName repository, String key, Listing listing) {
        lists.put(new ListKey(repository, ProxyState.requireKey(key)), listing);
    }

    @Override
    public void forget(RepositoryName repository) {
        answers.keySet().removeIf(key -> key.repository.equals(repository));
        lists.keySet().removeIf(key -> key.repository.equals(repository));
    }

    @Override
    public void forgetAll() {
        answers.clear();
        lists.clear();
    }

    @Override
    public Optional<Descriptor> referred(RepositoryName repository, Digest blob) {
        synchronized (blobs) {
            return repository(repository).flatMap(r -> r.referred(blob));
        }
    }

    private Optional<MemoryRepository> repository(RepositoryName name) {
        return Optional.ofNullable(repositories.get(name.value()));
    }

    @Override
    public void touch(RepositoryName repository, Digest manifest, Instant at) {
        touches.note(repository, manifest, at);
    }

    @Override
    public long heldBytes() {
        synchronized (blobs) {
            long manifests = places().stream().mapToLong(MemoryProxyState::size).sum();
            return manifests
                    + users().keySet().stream()
                            .mapToLong(row -> row.stored().size())
                            .sum();
        }
    }

    @Override
    public List<Image> coldest(int limit) {
        synchronized (blobs) {
            writeTouches();
            Map<BlobRows.Row, Integer> users = users();
            Set<Place> pinned = pinned();
            return places().stream()
                    .filter(place -> !pinned.contains(place))
                    .sorted(Comparator.comparing(MemoryProxyState::used))
                    .limit(limit)
                    .map(place -> image(place, users))
                    .toList();
        }
    }

    private Image image(Place place, Map<BlobRows.Row, Integer> users) {
        long own = rows(place).stream()
                .filter(row -> users.getOrDefault(row, 0) == 1)
                .mapToLong(row -> row.stored().size())
                .sum();
        return new Image(place.repository.name(), place.manifest, size(place) + own, used(place));
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (MemoryRepository repository : repositories.values()) {
            repository.used().keySet().forEach(manifest -> places.add(new Place(repository, manifest)));
        }
        return places;
    }

    /** How many manifests refer to each of the blobs that are where a manifest refers to them. */
    private Map<BlobRows.Row, Integer> users() {
        Map<BlobRows.Row, Integer> users = new HashMap<>();
        places().forEach(place -> rows(place).forEach(row -> users.merge(row, 1, Integer::sum)));
        return users;
    }

    private List<BlobRows.Row> rows(Place place) {
        return place.repository.mentioned(place.manifest).stream()
                .flatMap(digest -> blobs.row(digest).stream())
                .filter(row -> row.holders().contains(place.repository))
                .toList();
    }

    private Set<Place> pinned() {
        Set<Place> pinned = new HashSet<>();
        for (Pin pin : pins) {
            repository(pin.repository())
                    .ifPresent(r -> (pin.reference() instanceof Tag tag
                                    ? r.tagged(tag)
                                    : Optional.of((Digest) pin.reference()))
                            .ifPresent(manifest -> addTree(new Place(r, manifest), DEEPEST, pinned)));
        }
        return pinned;
    }

    private static void addTree(Place place, int deeper, Set<Place> to) {
        if (place.repository.manifest(place.manifest).isEmpty()) {
            return;
        }
        to.add(place);
        if (deeper > 0) {
            place.repository
                    .mentioned(place.manifest)
                    .forEach(child -> addTree(new Place(place.repository, child), deeper - 1, to));
        }
    }

    private static long size(Place place) {
        return place.repository.manifest(place.manifest).orElseThrow().size();
    }

    private static Instant used(Place place) {
        return Optional.ofNullable(place.repository.used().get(place.manifest)).orElseThrow();
    }

    @Override
    public void pin(Pin pin) {
        pins.add(pin);
    }

    @Override
    public boolean unpin(Pin pin) {
        return pins.remove(pin);
    }

    @Override
    public List<Pin> pins() {
        return pins.stream().sorted(BY_REPOSITORY_AND_REFERENCE).toList();
    }

    @Override
    public void begun(Unfinished download) {
        unfinished.put(download.digest(), download);
    }

    @Override
    public Optional<Unfinished> unfinished(Digest digest) {
        return Optional.ofNullable(unfinished.get(digest));
    }

    @Override
    public void ended(Digest digest) {
        unfinished.remove(digest);
    }

    @Override
    public void flush() {
        synchronized (blobs) {
            writeTouches();
        }
        Map<AnswerKey, Instant> absences = new HashMap<>();
        answers.forEach((key, answer) -> {
            if (answer.digest().isEmpty()) {
                absences.put(key, answer.at());
            }
        });
        answers.keySet().removeAll(tooMany(absences));
        Map<ListKey, Instant> ages = new HashMap<>();
        lists.forEach((key, listing) -> ages.put(key, listing.at()));
        lists.keySet().removeAll(tooMany(ages));
    }

    private static <K> List<K> tooMany(Map<K, Instant> ages) {
        return ages.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(Math.max(0, ages.size() - MAX_KEPT))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void writeTouches() {
        List<Touches.Touch> noted = touches.noted();
        for (Touches.Touch touch : noted) {
            repository(touch.repository()).ifPresent(r -> r.touch(touch.manifest(), touch.at()));
        }
        touches.written(noted);
    }

    @Override
    public void close() {
        flush();
    }
}
