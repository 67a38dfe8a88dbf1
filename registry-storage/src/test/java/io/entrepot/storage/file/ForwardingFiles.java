package io.entrepot.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** Passes every call on; a test overrides what it is about. */
class ForwardingFiles implements BlobFiles {
    protected final BlobFiles files;

    ForwardingFiles(BlobFiles files) {
        this.files = files;
    }

    /** Every file that is opened for writing comes through here. */
    protected Output opened(Path file, Output output) {
        return output;
    }

    @Override
    public Output create(Path file) throws IOException {
        return opened(file, files.create(file));
    }

    @Override
    public Output reopen(Path file) throws IOException {
        return opened(file, files.reopen(file));
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        return files.read(file);
    }

    @Override
    public boolean exists(Path file) throws IOException {
        return files.exists(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        files.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        files.syncDirectory(directory);
    }

    @Override
    public List<Entry> list(Path directory) throws IOException {
        return files.list(directory);
    }

    @Override
    public long usableSpace(Path path) throws IOException {
        return files.usableSpace(path);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    /** Passes every call on, too. */
    static class ForwardingOutput implements Output {
        protected final Output output;

        ForwardingOutput(Output output) {
            this.output = output;
        }

        @Override
        public int write(ByteBuffer bytes, long at) throws IOException {
            return output.write(bytes, at);
        }

        @Override
        public long size() throws IOException {
            return output.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            output.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            output.sync();
        }

        @Override
        public void close() throws IOException {
            output.close();
        }
    }
}
