package io.entrepot.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.Blob;
import io.entrepot.core.Reach;
import io.entrepot.core.store.BlobWriter;
import io.entrepot.core.store.StoredBlob;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.SettableClock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store does to begin with does not grow with what it holds. */
class StartTest {
    private static final Path ROOT = Path.of("/store");
    private static final String OWNER = "owner";
    private static final int BLOBS = 2_000;
    private static final int LEFT_OVER = 5;

    private final SettableClock clock = new SettableClock();

    @Test
    void after_a_crash_the_leftovers_are_found_and_no_blob_is_looked_at() throws IOException {
        CrashFiles disk = new CrashFiles(clock);
        StoredBlob someBlob = crashed(disk);
        Watched watched = new Watched(disk);
        try (FileBlobStore store = open(watched)) {
            Layout layout = new Layout(ROOT);
            assertThat(watched.listed).containsExactly(layout.uploads());
            assertThat(watched.asked).as("files that are asked for one by one").hasSizeLessThanOrEqualTo(LEFT_OVER);
            try (Blob blob = store.open(someBlob, Reach.LOCAL)) {
                assertThat(Bytes.of(blob)).isEqualTo(content(0).bytes());
            }
        }
    }

    /** Many blobs, some of them without their row yet, and some uploads in the middle. */
    private StoredBlob crashed(CrashFiles disk) throws IOException {
        List<StoredBlob> blobs = new ArrayList<>();
        FileBlobStore store = open(disk);
        for (int i = 0; i < BLOBS; i++) {
            Content content = content(i);
            try (BlobWriter writer = store.begin(OWNER)) {
                writer.append(0, content.buffer());
                blobs.add(writer.commit(content.digest()));
            }
        }
        blobs.stream().skip(LEFT_OVER).map(StoredBlob::key).forEach(store::settle);
        for (int i = 0; i < LEFT_OVER; i++) {
            store.begin(OWNER).append(0, content(i).buffer());
        }
        return blobs.get(0);
    }

    private static Content content(int number) {
        return Content.of("blob " + number);
    }

    private FileBlobStore open(BlobFiles files) throws IOException {
        return new FileBlobStore(ROOT, files, FileStoreOptions.DEFAULT, clock, () -> {});
    }

    /** Notes what is listed and which files are asked for. */
    private static final class Watched extends ForwardingFiles {
        final List<Path> listed = new ArrayList<>();
        final List<Path> asked = new ArrayList<>();

        Watched(BlobFiles files) {
            super(files);
        }

        @Override
        public List<Entry> list(Path directory) throws IOException {
            listed.add(directory);
            return super.list(directory);
        }

        @Override
        public boolean exists(Path file) throws IOException {
            asked.add(file);
            return super.exists(file);
        }

        @Override
        public FileChannel read(Path file) throws IOException {
            asked.add(file);
            return super.read(file);
        }
    }
}
