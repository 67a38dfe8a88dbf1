package io.entrepot.core.memory;

import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.BlobKey;
import io.entrepot.core.store.StoredBlob;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the registries over one blob store share: a row for each digest that has an object, and the ledger of the dead.
 * Its monitor is the one lock of all their {@link MemoryMetadata}; callers hold it.
 */
final class BlobRows {
    private final Map<Digest, Row> rows = new HashMap<>();
    /** Longest dead first. */
    private final Set<BlobKey> ledger = new LinkedHashSet<>();

    /** An object, whose it is, and until when it stays even if no manifest refers to it. */
    static final class Row {
        private StoredBlob stored;
        private boolean damaged;
        private final Set<MemoryRepository> holders = new LinkedHashSet<>();
        private Instant leasedUntil;

        private Row(StoredBlob stored, Instant leasedUntil) {
            this.stored = stored;
            this.leasedUntil = leasedUntil;
        }

        StoredBlob stored() {
            return stored;
        }

        Set<MemoryRepository> holders() {
            return holders;
        }

        /** Leases only grow here, so it does not matter who holds them. */
        void lease(Instant until) {
            if (until.isAfter(leasedUntil)) {
                leasedUntil = until;
            }
        }

        /** A lease on what no repository shows any more is worth nothing. */
        private boolean collectable(Instant now) {
            return holders.isEmpty()
                    || !leasedUntil.isAfter(now) && holders.stream().noneMatch(r -> r.mentions(stored.digest()));
        }
    }

    Optional<Row> row(Digest digest) {
        return Optional.ofNullable(rows.get(digest)).filter(row -> !row.damaged);
    }

    void damaged(BlobKey key) {
        Row row = rows.get(key.digest());
        if (row != null && row.stored.key().equals(key)) {
            row.damaged = true;
        }
    }

    /** The row that holds the digest from now on; the key that lost goes to the ledger. */
    Row record(StoredBlob fresh, Instant until) {
        if (ledger.contains(fresh.key()) && !rows.containsKey(fresh.digest())) {
            // Its bytes may be going at this moment: nothing brings it back.
            throw RegistryException.storage("blob " + fresh.digest() + " was collected before it was used", null);
        }
        Row row = rows.computeIfAbsent(fresh.digest(), d -> new Row(fresh, until));
        if (row.damaged) {
            ledger.add(row.stored.key());
            row.stored = fresh;
            row.damaged = false;
        } else if (!row.stored.key().equals(fresh.key())) {
            ledger.add(fresh.key());
        }
        row.lease(until);
        return row;
    }

    boolean knows(BlobKey key) {
        return ledger.contains(key)
                || Optional.ofNullable(rows.get(key.digest()))
                        .filter(r -> r.stored.key().equals(key))
                        .isPresent();
    }

    /** Moves what nothing refers to any more to the ledger, and reads from it. */
    List<BlobKey> dead(Instant now, int limit) {
        List<Row> collected = rows.values().stream()
                .filter(row -> row.collectable(now))
                .sorted(Comparator.comparing(row -> row.leasedUntil))
                .toList();
        for (Row row : collected) {
            rows.remove(row.stored.digest());
            ledger.add(row.stored.key());
        }
        return ledger.stream().limit(limit).toList();
    }

    void buried(BlobKey key) {
        ledger.remove(key);
    }
}
