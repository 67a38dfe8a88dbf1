package io.entrepot.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entrepot.core.Digest;
import io.entrepot.core.Reach;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.store.ProxyState.Answer;
import io.entrepot.core.store.ProxyState.Image;
import io.entrepot.core.store.ProxyState.Listing;
import io.entrepot.core.store.ProxyState.Pin;
import io.entrepot.core.store.ProxyState.Unfinished;
import io.entrepot.core.store.ProxyStateContract;
import io.entrepot.storage.file.DataFolder;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What proxies remember in SQLite keeps the contract, whatever fails, and does not grow without end. */
class SqlProxyStateTest extends ProxyStateContract {
    private static final Digest DIGEST = Pushes.image(1).digest();
    private static final RepositoryName APP = Pushes.APP;

    @TempDir
    Path path;

    private @Nullable DataFolder folder;
    private @Nullable SqlDatabase database;
    /** How many statements go well until one fails; none does below zero. */
    private volatile int untilFailure = -1;

    @Override
    protected Opened open() {
        return opened("hub");
    }

    @Override
    protected Opened sibling() {
        return opened("quay");
    }

    @Override
    protected Optional<Opened> reopen() {
        close();
        return Optional.of(open());
    }

    private Opened opened(String registry) {
        MetadataStore metadata = database().registry(registry, "default");
        return new Opened(metadata, database().proxyState(registry));
    }

    private SqlDatabase database() {
        SqlDatabase open = database;
        if (open == null) {
            DataFolder data = DataFolder.open(path);
            folder = data;
            open = SqlDatabase.open(data, Duration.ofMinutes(5), clock, Migration.sqlite(), this::perhapsFail);
            data.establish();
            database = open;
        }
        return open;
    }

    private synchronized void perhapsFail(String sql) throws SQLException {
        if (untilFailure >= 0 && untilFailure-- == 0) {
            throw new SQLException("the disk is gone");
        }
    }

    @AfterEach
    void close() {
        untilFailure = -1;
        if (database != null && folder != null) {
            database.close();
            folder.close();
            database = null;
        }
    }

    @Test
    void the_same_proxy_is_the_same_object_and_its_registry_must_be_there() {
        assertThat(database().proxyState("hub")).isSameAs(state);
        assertThatThrownBy(() -> database().proxyState("nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no registry nobody");
    }

    @Test
    void absences_and_lists_are_forgotten_when_there_are_too_many_and_the_newest_stay() {
        ProxyState small = new SqlProxyState(database(), 1, 1, 3);
        for (int i = 0; i < 10; i++) {
            small.answered(APP, new Tag("found-" + i), new Answer(Optional.of(DIGEST), clock.instant()));
            small.answered(APP, new Tag("absent-" + i), new Answer(Optional.empty(), clock.instant()));
            small.listed(APP, "list-" + i, new Listing("" + i, clock.instant()));
            clock.advance(Duration.ofSeconds(1));
        }
        small.flush();
        for (int i = 0; i < 10; i++) {
            assertThat(small.answer(APP, new Tag("found-" + i), Reach.LOCAL)).isPresent();
            assertThat(small.answer(APP, new Tag("absent-" + i), Reach.LOCAL).isPresent())
                    .isEqualTo(i >= 7);
            assertThat(small.listing(APP, "list-" + i).isPresent()).isEqualTo(i >= 7);
        }
    }

    /** The first statement fails, the second, the third: after each the rest is as it was and it can all be done again. */
    @Test
    void whichever_statement_fails_nothing_is_half_written_and_memory_tells_nothing_else() {
        Pushes.push(metadata, 1);
        Pushes.push(metadata, 2);
        int failures = 0;
        for (int n = 0; ; n++) {
            untilFailure = n;
            boolean failed = !livesWell(n);
            boolean struck = untilFailure < 0;
            untilFailure = -1;
            assertThat(failed).as("statement %s", n).isEqualTo(struck);
            memoryAgreesWithTheDisk();
            if (!struck) {
                break;
            }
            failures++;
            assertThat(livesWell(n)).isTrue();
            memoryAgreesWithTheDisk();
        }
        assertThat(failures).isGreaterThan(30);
        assertThat(database().verify()).isEmpty();
    }

    private boolean livesWell(int n) {
        clock.advance(Duration.ofSeconds(1));
        Instant now = clock.instant();
        try {
            state.answered(APP, Pushes.tag(1), new Answer(Optional.of(DIGEST), now));
            state.answered(APP, Pushes.tag(2), new Answer(Optional.empty(), now));
            assertThat(state.answer(APP, Pushes.tag(2), Reach.LOCAL)).contains(new Answer(Optional.empty(), now));
            state.listed(APP, "tags", new Listing("" + n, now));
            assertThat(state.listing(APP, "tags")).contains(new Listing("" + n, now));
            Pin pin = new Pin(APP, Pushes.tag(2));
            state.pin(pin);
            state.touch(APP, DIGEST, now);
            assertThat(state.coldest(10)).extracting(Image::lastRead).containsExactly(now);
            assertThat(state.unpin(pin)).isTrue();
            assertThat(state.heldBytes()).isPositive();
            assertThat(state.referred(APP, Pushes.layer(1).digest())).isPresent();
            state.begun(new Unfinished(APP, DIGEST, UploadId.random(), now));
            assertThat(state.unfinished(DIGEST)).isPresent();
            state.ended(DIGEST);
            state.forget(APP);
            assertThat(state.answer(APP, Pushes.tag(1), Reach.LOCAL)).isEmpty();
            state.touch(APP, DIGEST, now.plusMillis(1));
            state.flush();
            return true;
        } catch (RegistryException.Unavailable e) {
            return false;
        }
    }

    private void memoryAgreesWithTheDisk() {
        ProxyState disk = new SqlProxyState(database(), 1, 1);
        for (int i = 1; i <= 3; i++) {
            assertThat(state.answer(APP, Pushes.tag(i), Reach.LOCAL))
                    .isEqualTo(disk.answer(APP, Pushes.tag(i), Reach.LOCAL))
                    .isEqualTo(state.answer(APP, Pushes.tag(i), Reach.MEMORY));
        }
    }

    @Test
    void touches_that_could_not_be_written_are_written_the_next_time() {
        Pushes.push(metadata, 1);
        Instant read = clock.instant().plusSeconds(10);
        state.touch(APP, DIGEST, read);
        untilFailure = 0;
        assertThatThrownBy(state::flush).isInstanceOf(RegistryException.Unavailable.class);
        untilFailure = -1;
        state.flush();
        assertThat(state.coldest(1)).extracting(Image::lastRead).containsExactly(read);
    }

    /** 20,000 images of one common and four own layers: measured 160 ms and 5 ms. */
    @Test
    @org.junit.jupiter.api.Tag("slow")
    void a_large_cache_is_counted_and_its_coldest_are_found_in_no_time() {
        int images = 20_000;
        database().write(session -> {
            session.update("INSERT INTO repository (id, registry_id, name, listed) VALUES (1, 1, 'big', 1)");
            session.update(
                    "INSERT INTO blob (id, store_id, digest, gen, size, pushed_at) VALUES (1, 1, ?, ?, 5, 0)",
                    Pushes.layer(0).digest().toString(),
                    UploadId.random().toString());
            for (int i = 1; i <= images; i++) {
                String digest = Pushes.image(i).digest().toString();
                session.update(
                        "INSERT INTO manifest (id, repository_id, digest, media_type, size, pushed_at, bytes)"
                                + " VALUES (?, 1, ?, 'a/b', 2000, ?, zeroblob(2000))",
                        i,
                        digest,
                        i);
                session.update("INSERT INTO manifest_use VALUES (?, 1, ?)", i, i);
                session.update("INSERT INTO manifest_ref VALUES (?, 'LAYER', 'common', 1, NULL)", i);
                for (int layer = 0; layer < 4; layer++) {
                    long id = 2 + i * 4L + layer;
                    String name = "sha256:" + String.format(java.util.Locale.ROOT, "%064x", id);
                    session.update(
                            "INSERT INTO blob (id, store_id, digest, gen, size, pushed_at)"
                                    + " VALUES (?, 1, ?, 'g', 1000, 0)",
                            id,
                            name);
                    session.update("INSERT INTO manifest_ref VALUES (?, 'LAYER', ?, ?, NULL)", i, name, id);
                }
            }
            return images;
        });
        long begun = System.nanoTime();
        assertThat(state.heldBytes()).isEqualTo(images * 6_000L + 5);
        long counted = System.nanoTime();
        List<Image> coldest = state.coldest(100);
        long found = System.nanoTime();
        assertThat(coldest).hasSize(100).allMatch(image -> image.bytes() == 6_000);
        assertThat(coldest.stream().map(Image::lastRead))
                .isEqualTo(IntStream.rangeClosed(1, 100)
                        .mapToObj(Instant::ofEpochMilli)
                        .toList());
        assertThat(Duration.ofNanos(counted - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(Duration.ofNanos(found - counted)).isLessThan(Duration.ofSeconds(1));
    }
}
