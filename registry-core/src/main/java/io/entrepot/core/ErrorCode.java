package io.entrepot.core;

/**
 * The error codes of the OCI distribution specification (section "Error Codes"), and two of Docker's for faults on
 * our side. A permanent refusal never uses the last two or {@link #TOOMANYREQUESTS}: clients retry those.
 */
public enum ErrorCode {
    BLOB_UNKNOWN,
    BLOB_UPLOAD_INVALID,
    BLOB_UPLOAD_UNKNOWN,
    DIGEST_INVALID,
    MANIFEST_BLOB_UNKNOWN,
    MANIFEST_INVALID,
    MANIFEST_UNKNOWN,
    NAME_INVALID,
    NAME_UNKNOWN,
    SIZE_INVALID,
    UNAUTHORIZED,
    DENIED,
    UNSUPPORTED,
    TOOMANYREQUESTS,
    /** A fault of ours. */
    UNKNOWN,
    /** Not now: overloaded, shutting down, or something behind us cannot be asked. */
    UNAVAILABLE
}
