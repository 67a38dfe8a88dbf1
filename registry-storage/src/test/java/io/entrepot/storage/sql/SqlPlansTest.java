package io.entrepot.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.MediaType;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reach;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.Lease;
import io.entrepot.core.store.MetadataStore;
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.testkit.Sample;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No statement's cost grows with what else is stored: each one searches an index, and none sorts. */
class SqlPlansTest {
    /** No tables: pins are what was found already, and few. */
    private static final Pattern ALLOWED =
            Pattern.compile("SCAN (json_each VIRTUAL TABLE.*|CONSTANT ROW|\\d+ CONSTANT ROWS?|pinned)");

    private static final PageRequest PAGE = PageRequest.first(100);

    @TempDir
    Path folder;

    private final Set<String> statements = ConcurrentHashMap.newKeySet();

    @Test
    void every_statement_searches() {
        try (Databases opened = Databases.open(folder, sql -> statements.add(sql))) {
            MetadataStore store = opened.database().registry("main", "default");
            statements.clear();
            everything(store);
            everything(opened.database().proxyState("main"));
            List<String> queries = statements.stream()
                    .filter(s -> s.matches("(?s)(SELECT|INSERT|UPDATE|DELETE).*"))
                    .toList();
            assertThat(queries).hasSizeGreaterThan(50);
            for (String query : queries) {
                List<String> plan = opened.database()
                        .read(s -> s.all("EXPLAIN QUERY PLAN " + query, row -> row.getString("detail")));
                assertThat(plan)
                        .as(query)
                        .allMatch(step -> !step.startsWith("SCAN")
                                || ALLOWED.matcher(step).matches())
                        .noneMatch(step -> step.contains("TEMP B-TREE FOR ORDER BY"));
            }
        }
    }

    private static void everything(ProxyState state) {
        Instant now = Instant.now();
        state.answered(Pushes.APP, Pushes.tag(1), new ProxyState.Answer(Optional.empty(), now));
        state.answer(Pushes.APP, Pushes.tag(2), Reach.LOCAL);
        state.listed(Pushes.APP, "tags", new ProxyState.Listing("v1", now));
        state.listing(Pushes.APP, "tags");
        state.referred(Pushes.APP, Pushes.layer(1).digest());
        state.touch(Pushes.APP, Pushes.image(2).digest(), now);
        state.flush();
        state.heldBytes();
        assertThat(state.coldest(10)).isNotEmpty();
        ProxyState.Pin pin = new ProxyState.Pin(Pushes.APP, Pushes.tag(1));
        state.pin(pin);
        state.pins();
        state.unpin(pin);
        state.begun(new ProxyState.Unfinished(Pushes.APP, Pushes.layer(1).digest(), UploadId.random(), now));
        state.unfinished(Pushes.layer(1).digest());
        state.ended(Pushes.layer(1).digest());
        state.forget(Pushes.APP);
        state.forgetAll();
    }

    private static void everything(MetadataStore store) {
        for (int i = 0; i < 3; i++) {
            Pushes.push(store, i);
        }
        Sample one = Pushes.image(1);
        store.put(
                Pushes.APP,
                Pushes.image(2).with(new PutOptions(new Tag("v1"), List.of(), io.entrepot.core.TagRule.ANY)));
        store.manifest(Pushes.APP, one.digest(), Reach.LOCAL);
        store.manifest(Pushes.APP, new Tag("v1"), Reach.LOCAL);
        store.blob(Pushes.APP, Pushes.layer(1).digest(), Reach.LOCAL);
        store.tags(Pushes.APP, PAGE);
        store.referrers(Pushes.APP, one.digest(), Set.of(MediaType.OCI_INDEX), PAGE);
        store.put(Pushes.APP, Sample.index(one).sparseAt(new Tag("index")));
        store.repositories(PAGE);
        store.holders(Pushes.layer(1).digest(), 10);
        Lease lease = new Lease(Instant.now().plusSeconds(60), "bob");
        store.claim(Pushes.APP, Pushes.layer(1).digest(), lease, Reach.LOCAL);
        store.mount(Pushes.APP, Pushes.layer(1).digest(), lease);
        store.delete(Pushes.APP, new Tag("v1"));
        store.delete(Pushes.APP, one.digest());
        store.unlink(Pushes.APP, Pushes.layer(1).digest());
        store.knows(new BlobKey(one.digest(), UploadId.random()));
        store.dead(Instant.now().plusSeconds(1_000_000), 10).forEach(store::buried);
    }
}
