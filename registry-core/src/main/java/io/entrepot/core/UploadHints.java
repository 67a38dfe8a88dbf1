package io.entrepot.core;

import java.util.Optional;
import java.util.OptionalLong;

/** What a client said of a blob before sending it. Nothing depends on its being true. */
public record UploadHints(OptionalLong size, Optional<Digest.Algorithm> algorithm) {
    public static final UploadHints NONE = new UploadHints(OptionalLong.empty(), Optional.empty());
}
