/**
 * Identities that others vouch for: people who log in with an OpenID Connect provider, the sessions of their browsers,
 * and workloads that show the signed token which their platform gave them.
 */
@NullMarked
package io.entrepot.auth.oidc;

import org.jspecify.annotations.NullMarked;
