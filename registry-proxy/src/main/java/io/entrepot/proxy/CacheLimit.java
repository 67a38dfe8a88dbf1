package io.entrepot.proxy;

import io.entrepot.core.Call;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.store.ProxyState.Image;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a proxy's cache within a limit: the manifests that were read longest ago are given up, and with them the blobs that
 * nothing else needs, which the collector deletes as it deletes everything. What is pinned stays, and what is being read
 * can be read to its end.
 */
public final class CacheLimit {
    private static final Logger LOG = LoggerFactory.getLogger(CacheLimit.class);
    private static final int BATCH = 32;
    /** When the limit is met, so much of it is made free: not every pull is to evict something. */
    private static final double DOWN_TO = 0.95;

    private final String registry;
    private final Registry cache;
    private final ProxyState state;
    private final LongSupplier limitBytes;

    /** @param limitBytes asked each time, since it may depend on what the disk has left */
    public CacheLimit(String registry, Registry cache, ProxyState state, LongSupplier limitBytes) {
        this.registry = registry;
        this.cache = cache;
        this.state = state;
        this.limitBytes = limitBytes;
    }

    /** Gives up what is too much. Returns how many bytes that was. */
    public synchronized long enforce() {
        long limit = limitBytes.getAsLong();
        long held = state.heldBytes();
        return held <= limit ? 0 : evict(held - (long) (limit * DOWN_TO));
    }

    /** Gives up as much as this, or all that may go if that is less. Returns how many bytes that was. */
    public synchronized long evict(long bytes) {
        long before = state.heldBytes();
        long now = before;
        int gone = 0;
        while (before - now < bytes) {
            List<Image> coldest = state.coldest(BATCH);
            int evicted = evict(coldest, bytes - (before - now));
            if (evicted == 0) {
                break;
            }
            gone += evicted;
            now = state.heldBytes();
        }
        if (gone > 0) {
            LOG.info("{} gave up {} manifests that were read longest ago: {} bytes", registry, gone, before - now);
        }
        return before - now;
    }

    private int evict(List<Image> coldest, long bytes) {
        long freed = 0;
        int gone = 0;
        for (Image image : coldest) {
            if (freed >= bytes) {
                break;
            }
            try {
                cache.repository(image.repository(), Call.internal()).delete(image.manifest());
                freed += image.bytes();
                gone++;
            } catch (RegistryException.Unknown e) {
                // Somebody else was quicker: the next round asks anew.
                gone++;
            }
        }
        return gone;
    }
}
