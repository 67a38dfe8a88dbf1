/** Passwords: how they are hashed, judged and made up, and how many may be hashed at once. */
@NullMarked
package io.entrepot.auth.password;

import org.jspecify.annotations.NullMarked;
