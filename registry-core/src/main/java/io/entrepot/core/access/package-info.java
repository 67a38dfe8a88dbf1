/**
 * Who may do what, as the rest of the system asks it: a {@link io.entrepot.core.access.Caller} comes out of an {@link
 * io.entrepot.core.access.Authenticator} and has {@link io.entrepot.core.access.Rights}. Where users, roles and tokens
 * come from is the business of whoever implements these.
 */
@NullMarked
package io.entrepot.core.access;

import org.jspecify.annotations.NullMarked;
