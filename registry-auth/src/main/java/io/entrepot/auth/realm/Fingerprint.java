package io.entrepot.auth.realm;

/** 256 bits that stand for a credential in memory, and tell nothing of it to whoever has not the key they were made with. */
record Fingerprint(long a, long b, long c, long d) {}
