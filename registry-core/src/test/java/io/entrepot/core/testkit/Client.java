package io.entrepot.core.testkit;

import io.entrepot.core.Blob;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Digest;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.PutOptions;
import io.entrepot.core.Reference;
import io.entrepot.core.Repository;
import io.entrepot.core.Tag;
import io.entrepot.core.Upload;
import io.entrepot.core.UploadHints;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a client of a registry does in several steps, in one. */
public final class Client {
    private Client() {}

    /** Pushes a blob in one piece, under its sha256. */
    public static Descriptor push(Repository to, Content content) {
        return push(to, content, content.digest());
    }

    public static Descriptor push(Repository to, Content content, Digest digest) {
        try (Upload upload = to.upload(UploadHints.NONE)) {
            upload.append(0, content.buffer());
            return upload.commit(digest);
        }
    }

    /** Pushes an image with its blobs and answers what it was put as. */
    public static Sample pushImage(Repository to, Reference at, Content config, Content... layers) {
        push(to, config);
        for (Content layer : layers) {
            push(to, layer);
        }
        Sample image = Sample.image(config, layers);
        put(to, image, at);
        return image;
    }

    public static Descriptor put(Repository to, Sample sample, Reference at) {
        return to.put(sample.manifest(), PutOptions.at(at));
    }

    public static byte[] pull(Repository from, Digest blob) {
        try (Blob opened = from.open(blob)) {
            return Bytes.of(opened);
        }
    }

    public static List<String> tags(Repository of) {
        return pages(500, of::tags, Tag::name);
    }

    /** The whole list, asked for in pages of {@code limit}. */
    public static <T> List<String> pages(int limit, Function<PageRequest, Page<T>> list, Function<T, String> nameOf) {
        List<String> all = new ArrayList<>();
        PageRequest request = PageRequest.first(limit);
        while (true) {
            Page<T> page = list.apply(request);
            if (page.items().size() > limit) {
                throw new AssertionError("a page of " + page.items().size() + " where " + limit + " were asked for");
            }
            page.items().forEach(item -> all.add(nameOf.apply(item)));
            if (!page.more()) {
                return all;
            }
            request = request.after(all.get(all.size() - 1));
        }
    }
}
