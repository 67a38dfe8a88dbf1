@NullMarked
package io.entrepot.auth.password;

import org.jspecify.annotations.NullMarked;
