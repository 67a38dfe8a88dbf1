package io.entrepot.core.store;

import io.entrepot.core.Digest;
import io.entrepot.core.UploadId;

/**
 * Names one object of a blob store: what its bytes are, and which upload brought them. The same bytes pushed again are
 * another object, so a key is never used twice and what is written is never overwritten. All deleting rests on that.
 */
public record BlobKey(Digest digest, UploadId generation) {}
