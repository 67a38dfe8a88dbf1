package io.entrepot.auth.account;

/**
 * Somebody whose credential was verified.
 *
 * @param securityVersion of the principal, as of which it is good: what is made for it is revoked with it
 */
public record KnownIdentity(Identity identity, long securityVersion) {}
