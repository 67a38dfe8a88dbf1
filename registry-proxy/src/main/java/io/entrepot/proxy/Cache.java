package io.entrepot.proxy;

import io.entrepot.core.Call;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.ProxyState;
import io.entrepot.core.store.ProxyState.Image;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one proxy holds, which can be had again: manifests are given up, those first that were read longest ago, and with them
 * the blobs that nothing else needs, which the collector deletes as it deletes everything. What is pinned stays, and what is
 * being read can be read to its end.
 */
public final class Cache {
    private static final Logger LOG = LoggerFactory.getLogger(Cache.class);
    private static final int BATCH = 32;

    private final String name;
    private final Registry registry;
    private final ProxyState state;

    /**
     * @param name of the proxy, for the log
     * @param registry where it keeps what it fetched
     */
    public Cache(String name, Registry registry, ProxyState state) {
        this.name = name;
        this.registry = registry;
        this.state = state;
    }

    public long heldBytes() {
        return state.heldBytes();
    }

    /** When what would be given up first was read last; empty if nothing may go. */
    Optional<Instant> coldest() {
        return state.coldest(1).stream().findFirst().map(Image::lastRead);
    }

    /** Gives up as much as this, or all that may go if that is less. Returns how many bytes that was. */
    synchronized long evict(long bytes) {
        long before = state.heldBytes();
        long now = before;
        int gone = 0;
        while (before - now < bytes) {
            int evicted = evict(state.coldest(BATCH), bytes - (before - now));
            if (evicted == 0) {
                break;
            }
            gone += evicted;
            now = state.heldBytes();
        }
        if (gone > 0) {
            LOG.info("{} gave up {} manifests that were read longest ago: {} bytes", name, gone, before - now);
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
                registry.repository(image.repository(), Call.internal()).delete(image.manifest());
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
