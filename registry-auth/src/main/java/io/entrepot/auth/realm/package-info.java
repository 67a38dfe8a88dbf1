/** Sources of identities, asked in order: who shows a credential is who the first realm that knows it says. */
@NullMarked
package io.entrepot.auth.realm;

import org.jspecify.annotations.NullMarked;
