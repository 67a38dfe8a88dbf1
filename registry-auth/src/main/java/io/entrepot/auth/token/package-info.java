/** Signed tokens: the keys, what a token endpoint answers, and who shows one. The signing is nimbus-jose-jwt's. */
@NullMarked
package io.entrepot.auth.token;

import org.jspecify.annotations.NullMarked;
