package io.entrepot.server.config;

import java.time.Duration;

/** {@code uploads}: what holds for blobs on their way in. A session that nobody touches for so long is ended. */
public record UploadSettings(Duration expireAfter) {
    static UploadSettings read(Section uploads) {
        return new UploadSettings(uploads.value("expireAfter", Kind.DURATION, "24h"));
    }
}
