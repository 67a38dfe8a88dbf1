package io.entrepot.storage.sql;

import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.TagRule;
import io.entrepot.core.store.MetadataCache;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.testkit.Threads;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Prints how fast the metadata is on the disk of the folder that is its argument. Not a test: figures, to be compared. */
final class SqlThroughput {
    private static final long SECONDS = 3;

    private SqlThroughput() {}

    public static void main(String[] arguments) throws Exception {
        try (Databases opened = Databases.open(Path.of(arguments[0]))) {
            SqlDatabase database = opened.database();
            MetadataStore store = database.registry("main", "default");
            database.write(s -> s.update("CREATE TABLE IF NOT EXISTS number (n INTEGER PRIMARY KEY, x TEXT)"));
            AtomicInteger next = new AtomicInteger();
            IntConsumer row =
                    i -> database.write(s -> s.update("INSERT INTO number VALUES (?, ?)", next.incrementAndGet(), "x"));
            measure("one row, commits", 1, row);
            measure("one row, commits", 16, row);
            AtomicInteger images = new AtomicInteger();
            IntConsumer image = i -> Pushes.push(store, images.incrementAndGet());
            measure("small images (3 transactions)", 1, image);
            measure("small images (3 transactions)", 16, image);
            int last = images.get();
            measure("manifest by tag", 1, i -> store.manifest(Pushes.APP, Pushes.tag(1 + i % last), Reach.LOCAL));
            measure("manifest by tag", 4, i -> store.manifest(Pushes.APP, Pushes.tag(1 + i % last), Reach.LOCAL));
            measure("unknown manifest", 4, i -> store.manifest(Pushes.APP, new Tag("no" + i), Reach.LOCAL));
            MetadataStore cached = new MetadataCache(MetadataCache.DEFAULT_BYTES, InstantSource.system()).before(store);
            measure(
                    "manifest by tag, from memory",
                    2,
                    i -> cached.manifest(Pushes.APP, Pushes.tag(1 + i % 500), Reach.LOCAL));
            deletions(store, 1, last / 3);
            deletions(store, 1 + last / 3, last);
            tagsAndNames(store);
        }
    }

    private static void deletions(MetadataStore store, int from, int to) throws Exception {
        int threads = from == 1 ? 1 : 16;
        AtomicInteger next = new AtomicInteger(from);
        long begin = System.nanoTime();
        Threads.together(threads, t -> {
            for (int i = next.getAndIncrement(); i < to; i = next.getAndIncrement()) {
                store.delete(Pushes.APP, Pushes.image(i).digest());
            }
            return true;
        });
        print("manifest delete", threads, (to - from) / seconds(begin));
    }

    private static void tagsAndNames(MetadataStore store) {
        RepositoryName many = new RepositoryName("many/tags");
        Pushes.push(store, many, 0);
        for (int from = 0; from < 100_000; from += 10_000) {
            List<Tag> tags = new ArrayList<>();
            for (int i = from; i < from + 10_000; i++) {
                tags.add(new Tag("t" + i));
            }
            store.put(many, Pushes.image(0).with(new PutOptions(new Tag("x"), tags, TagRule.ANY)));
        }
        for (int i = 0; i < 2_000; i++) {
            Pushes.push(store, new RepositoryName("name/n" + i), 0);
        }
        measure(
                "page of 100 of 100,000 tags",
                1,
                i -> store.tags(many, PageRequest.first(100).after("t" + i % 90_000)));
        measure(
                "page of 100 of 2,000 names",
                1,
                i -> store.repositories(PageRequest.first(100).after("name/n" + i % 900)));
    }

    private static void measure(String what, int threads, IntConsumer job) {
        AtomicInteger done = new AtomicInteger();
        long begin = System.nanoTime();
        long end = begin + SECONDS * 1_000_000_000L;
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int offset = t;
            Thread thread = new Thread(() -> {
                for (int i = offset; System.nanoTime() < end; i += threads) {
                    job.accept(i);
                    done.incrementAndGet();
                }
            });
            thread.start();
            running.add(thread);
        }
        for (Thread thread : running) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        print(what, threads, done.get() / seconds(begin));
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void print(String what, int threads, double perSecond) {
        System.out.printf(Locale.ROOT, "%-32s %2d threads %,10.0f /s%n", what, threads, perSecond);
    }
}
