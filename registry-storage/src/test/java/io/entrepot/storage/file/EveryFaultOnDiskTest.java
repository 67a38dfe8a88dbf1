package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.entrepot.core.Digest;
import io.entrepot.core.UploadId;
import io.entrepot.core.hosted.EveryFault;
import io.entrepot.core.hosted.EveryFault.Stores;
import io.entrepot.core.hosted.EveryFault.Subject;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.hosted.Housekeeping;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.store.CachingBlobStore;
import io.entrepot.core.store.MetadataCache;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.storage.sql.SqlDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The hosted registry over files and SQLite, bare and with the memory before them that a server has, survives every fault
 * of its stores. All lives share a database, as several blob stores do.
 */
class EveryFaultOnDiskTest {
    /** It tells of every fault that it lives with, and here there are many. */
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(Housekeeping.class);

    private static final Runnable NO_LOCK = () -> {};

    @TempDir
    Path folder;

    private DataFolder data;
    private SqlDatabase database;
    private InstantSource present = InstantSource.system();
    private int lives;

    @BeforeEach
    void open() {
        LOG.setLevel(Level.ERROR);
        data = DataFolder.open(folder.resolve("data"));
        database = SqlDatabase.open(data, HostedOptions.LEASE, () -> present.instant());
    }

    @AfterEach
    void close() {
        database.close();
        data.close();
        LOG.setLevel(null);
    }

    @Test
    @Tag("slow")
    void whatever_call_fails_what_can_be_seen_is_whole_and_nothing_is_left_behind() {
        assertThat(EveryFault.check(this::onDisk, EveryFaultOnDiskTest::hosted)).isGreaterThan(100);
    }

    @Test
    void nor_does_memory_before_the_stores_tell_of_what_never_came_to_be() {
        assertThat(EveryFault.check(
                        this::onDisk,
                        (blobs, metadata, clock) -> hosted(
                                new CachingBlobStore(blobs, CachingBlobStore.Limits.DEFAULT),
                                new MetadataCache(1 << 20, clock).before(metadata),
                                clock)))
                .isGreaterThan(100);
    }

    private static Subject hosted(BlobStore blobs, MetadataStore metadata, InstantSource clock) {
        Housekeeping housekeeping = new Housekeeping(blobs, metadata, Housekeeping.UPLOAD_IDLE, clock);
        return new Subject(new HostedRegistry("private", blobs, metadata, HostedOptions.DEFAULT, clock), () -> {
            housekeeping.sweep();
            housekeeping.bury();
        });
    }

    private Stores onDisk(InstantSource clock) {
        present = clock;
        String name = "life-" + ++lives;
        Layout layout = new Layout(folder.resolve(name));
        try {
            for (Path directory : layout.directories()) {
                Files.createDirectories(directory);
            }
            BlobStore blobs =
                    new FileBlobStore(layout.root(), new DiskFiles(0), FileStoreOptions.DEFAULT, clock, NO_LOCK);
            return new Stores(blobs, database.registry(name, name), () -> objects(layout));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<BlobKey> objects(Layout layout) {
        try (Stream<Path> files = Files.walk(layout.blobs(Digest.Algorithm.SHA256))) {
            return files.filter(Files::isRegularFile)
                    .map(EveryFaultOnDiskTest::key)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code <hex>.<upload>} */
    private static BlobKey key(Path object) {
        String name = object.getFileName().toString();
        int dot = name.indexOf('.');
        return new BlobKey(Digest.parse("sha256:" + name.substring(0, dot)), UploadId.parse(name.substring(dot + 1)));
    }
}
