package io.entrepot.core.wire;

import com.google.gson.stream.JsonWriter;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A page of referrers as the image index that clients get. They read no more than they would of a manifest, so a page is
 * cut where it would grow beyond that.
 *
 * @param json in UTF-8; read-only, each time at its beginning
 * @param page what stands in it; it has more if it had, or if it was cut
 */
public record ReferrersBody(ByteBuffer json, Page<Descriptor> page) {
    public static final int MAX_BYTES = Manifest.MAX_BYTES;

    private static final String HEAD =
            "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"manifests\":[";
    private static final String TAIL = "]}";

    public ReferrersBody {
        json = json.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer json() {
        return json.duplicate();
    }

    /** As much of the page as fits. An entry whose annotations alone would fill a body is listed without them. */
    public static ReferrersBody of(Page<Descriptor> page) {
        List<Descriptor> fitting = new ArrayList<>();
        List<byte[]> entries = new ArrayList<>();
        int size = HEAD.length() + TAIL.length();
        for (Descriptor descriptor : page.items()) {
            byte[] entry = entry(descriptor, descriptor.annotations());
            if (HEAD.length() + TAIL.length() + entry.length > MAX_BYTES) {
                entry = entry(descriptor, Map.of());
            }
            if (size + entry.length + 1 > MAX_BYTES && !fitting.isEmpty()) {
                break;
            }
            size += entry.length + 1;
            entries.add(entry);
            fitting.add(descriptor);
        }
        boolean cut = fitting.size() < page.items().size();
        return new ReferrersBody(joined(entries, size), new Page<>(fitting, cut || page.more()));
    }

    private static ByteBuffer joined(List<byte[]> entries, int roughly) {
        var out = new ByteArrayOutputStream(roughly);
        out.writeBytes(HEAD.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeBytes(entries.get(i));
        }
        out.writeBytes(TAIL.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(out.toByteArray());
    }

    private static byte[] entry(Descriptor descriptor, Map<String, String> annotations) {
        return Json.bytes(json -> write(descriptor, annotations, json));
    }

    private static void write(Descriptor d, Map<String, String> annotations, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("mediaType").value(d.mediaType().value());
        json.name("digest").value(d.digest().toString());
        json.name("size").value(d.size());
        if (d.artifactType().isPresent()) {
            json.name("artifactType").value(d.artifactType().get().value());
        }
        if (!annotations.isEmpty()) {
            json.name("annotations").beginObject();
            for (Map.Entry<String, String> annotation : new TreeMap<>(annotations).entrySet()) {
                json.name(annotation.getKey()).value(annotation.getValue());
            }
            json.endObject();
        }
        json.endObject();
    }
}
