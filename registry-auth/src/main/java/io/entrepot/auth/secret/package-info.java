/** Secrets that must be kept to be used, such as upstream passwords: sealed under a key that does not lie beside them. */
@NullMarked
package io.entrepot.auth.secret;

import org.jspecify.annotations.NullMarked;
