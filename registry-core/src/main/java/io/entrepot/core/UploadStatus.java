package io.entrepot.core;

/** How far an upload has come: {@code offset} bytes are held, and the next one goes there. */
public record UploadStatus(UploadId id, long offset) {}
