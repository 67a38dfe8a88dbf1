package io.entrepot.proxy.download;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Digest;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import io.entrepot.core.UploadId;
import io.entrepot.core.hosted.HostedOptions;
import io.entrepot.core.hosted.HostedRegistry;
import io.entrepot.core.memory.MemoryBlobStore;
import io.entrepot.core.memory.MemoryMetadata;
import io.entrepot.core.store.BlobStore;
import io.entrepot.core.testkit.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** An upstream whose streams break off, lie and wait as a test says, and a cache in memory. */
final class ScriptedOrigin implements Origin {
    /** What one stream does: at {@code at} bytes of the blob. */
    record Trick(Kind kind, long at) {
        enum Kind {
            /** It ends there. */
            END,
            /** It fails there. */
            FAIL,
            /** The byte there is another one. */
            FLIP
        }
    }

    private static final RepositoryName NAME = new RepositoryName("library/nginx");

    final Queue<Trick> tricks = new ConcurrentLinkedQueue<>();
    /** Where each stream began. */
    final List<Long> streams = new CopyOnWriteArrayList<>();
    /** How far the upstream may send. */
    final Semaphore sent = new Semaphore(0);

    final Repository cache;
    final List<Result> results = new CopyOnWriteArrayList<>();
    final List<RegistryException> absences = new ArrayList<>();
    volatile int opened;
    volatile boolean finish = true;
    volatile int closed;
    volatile long size;
    volatile Optional<RegistryException> refusal = Optional.empty();
    volatile Optional<UploadId> unfinished = Optional.empty();
    volatile Runnable makingRoom = () -> {};
    private final Content content;

    ScriptedOrigin(Content content) {
        this(content, new MemoryBlobStore());
    }

    ScriptedOrigin(Content content, BlobStore blobs) {
        this.content = content;
        this.size = content.size();
        this.cache = new HostedRegistry(
                        "cache", blobs, new MemoryMetadata(), HostedOptions.CACHE, InstantSource.system())
                .repository(NAME, Call.internal());
    }

    /** Sends without waiting. */
    ScriptedOrigin freely() {
        sent.release(1 << 28);
        return this;
    }

    @Override
    public boolean there() {
        try {
            cache.stat(content.digest());
            return true;
        } catch (RegistryException.Unknown e) {
            return false;
        }
    }

    @Override
    public Blob upstream() {
        opened++;
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return new Remote();
    }

    @Override
    public boolean finish() {
        return finish;
    }

    @Override
    public Upload upload() {
        return unfinished.isPresent()
                ? cache.resume(unfinished.get())
                : cache.upload(new UploadHints(OptionalLong.of(size), Optional.empty()));
    }

    @Override
    public Blob kept() {
        return cache.open(content.digest());
    }

    @Override
    public boolean makeRoom() {
        makingRoom.run();
        return true;
    }

    @Override
    public void ended(Upload upload, Result result) {
        results.add(result);
        unfinished = result == Result.BROKEN_OFF ? Optional.of(upload.id()) : Optional.empty();
        if (result == Result.DISCARDED) {
            try {
                upload.cancel();
            } catch (RegistryException.Unknown e) {
                // A commit has ended it.
                unfinished = Optional.empty();
            }
        }
    }

    @Override
    public void absent(RegistryException why) {
        absences.add(why);
    }

    private final class Remote implements Blob {
        private volatile boolean over;

        @Override
        public Digest digest() {
            return content.digest();
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream stream(ByteRange range) {
            streams.add(range.offset());
            byte[] bytes = content.bytes(range.offset(), range.end());
            return new Stream(bytes, range.offset(), Optional.ofNullable(tricks.poll()), this);
        }

        @Override
        public void close() {
            over = true;
            closed++;
            sent.release(1 << 20);
        }
    }

    /** Each byte needs a permit. */
    private final class Stream extends InputStream {
        private static final int MOST = 16 << 10;
        private final InputStream in;
        private final Optional<Trick> trick;
        private final Remote remote;
        private long at;

        Stream(byte[] bytes, long at, Optional<Trick> trick, Remote remote) {
            this.at = at;
            this.trick = trick;
            this.remote = remote;
            if (trick.filter(t -> t.kind() == Trick.Kind.FLIP).isPresent()) {
                bytes[(int) (trick.get().at() - at)] ^= 1;
            }
            this.in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            long most = Math.min(Math.min(length, MOST), in.available());
            if (trick.isPresent() && trick.get().kind() != Trick.Kind.FLIP) {
                most = Math.min(most, trick.get().at() - at);
                if (most == 0) {
                    if (trick.get().kind() == Trick.Kind.END) {
                        return -1;
                    }
                    throw new IOException("connection reset");
                }
            }
            if (most == 0) {
                return -1;
            }
            int permits = Math.max(1, (int) Math.min(most, sent.availablePermits()));
            sent.acquireUninterruptibly(permits);
            if (remote.over) {
                throw new IOException("closed");
            }
            int n = in.read(bytes, offset, permits);
            at += n;
            return n;
        }
    }
}
