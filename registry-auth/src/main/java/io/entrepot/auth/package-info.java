/**
 * Who may do what: to come are users, roles and privileges, the realms that identities come from, API keys, and signed tokens with
 * their keys, as implementations of what {@code io.entrepot.core.access} asks for.
 */
@NullMarked
package io.entrepot.auth;

import org.jspecify.annotations.NullMarked;
