package io.entrepot.storage.sql;

import io.entrepot.core.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One step of the schema: its number, its name and the SQL that takes the database there from the step before. */
record Migration(int version, String name, String sql) {
    /** All there are, in order. Once released none is ever changed: a mistake is mended by the next. */
    private static final List<String> SQLITE = List.of("V001__core.sql", "V002__documents.sql", "V003__proxies.sql");

    static List<Migration> sqlite() {
        return SQLITE.stream().map(name -> resource("sqlite/" + name, name)).toList();
    }

    private static Migration resource(String path, String name) {
        try (InputStream in = Migration.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("missing from the program: " + path);
            }
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Migration(Integer.parseInt(name.substring(1, name.indexOf("__"))), name, sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String checksum() {
        return Digest.of(Digest.Algorithm.SHA256, ByteBuffer.wrap(sql.getBytes(StandardCharsets.UTF_8)))
                .toString();
    }
}
